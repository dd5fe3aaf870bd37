namespace TokenAuth;

/// <summary>The place of the records of <see cref="FileTokenStore"/>, and how it keeps them.</summary>
public sealed class FileTokenStoreOptions : TokenStoreOptions
{
    /// <summary>
    /// A directory of the store's own, on a local disk: it is created, and kept readable for this user alone. Processes of one
    /// host that name the same directory share their grants.
    /// </summary>
    /// <value>
    /// <c>TokenAuth</c> under the user's local application data unless set (<c>~/.local/share/TokenAuth</c> on Linux).
    /// </value>
    public string? Directory { get; set; }
}
