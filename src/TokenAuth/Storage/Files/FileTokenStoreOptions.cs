namespace TokenAuth;

/// <summary>The directory of <see cref="FileTokenStore"/>, and how the store seals its records.</summary>
public sealed class FileTokenStoreOptions : TokenStoreOptions
{
    /// <summary>
    /// A directory on a local disk that only the store uses. The store creates it and keeps it readable for this user alone.
    /// Processes of one host that name the same directory share their grants.
    /// </summary>
    /// <value>
    /// <c>TokenAuth</c> under the user's local application data unless set (<c>~/.local/share/TokenAuth</c> on Linux).
    /// </value>
    public string? Directory { get; set; }
}
