namespace TokenAuth;

/// <summary>
/// A token store cannot do its work now. The engine logs it and goes on with what it has in memory; applications that use a
/// store directly see it.
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
