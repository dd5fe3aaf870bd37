namespace TokenAuth;

/// <summary>
/// A token store cannot do its work now. A provider logs the exception and goes on with the grant that it has in memory. An
/// application meets the exception only if it calls a store directly, or <see cref="ITokenTenants.ForgetAsync"/> with <c>removeRecord</c>.
/// </summary>
public class TokenStoreException : Exception
{
    /// <summary>Reports that a store failed.</summary>
    public TokenStoreException()
        : this("The token store failed.") { }

    /// <summary>Reports that a store failed with this message.</summary>
    public TokenStoreException(string message)
        : base(message) { }

    /// <summary>Reports that a store failed with this message and its cause.</summary>
    public TokenStoreException(string message, Exception? innerException)
        : base(message, innerException) { }
}
