namespace TokenAuth;

/// <summary>The keys of <see cref="RedisTokenStore"/>, and how the store seals its records.</summary>
public sealed class RedisTokenStoreOptions : TokenStoreOptions
{
    /// <summary>
    /// The beginning of every key that the store uses: <c>tokenauth:{…}:record</c>, <c>:lease</c> and <c>:damaged</c>. All processes
    /// of a fleet use the same one.
    /// </summary>
    /// <value>1 to 100 printable ASCII characters without spaces and braces. <c>tokenauth:</c> unless set.</value>
    public string KeyPrefix { get; set; } = "tokenauth:";

    /// <summary>
    /// From here the server frees the lease of a holder that does not go on. Two seconds less than the leases of the other stores: the
    /// holder's part of it begins when the server's response arrives. Tests shorten it.
    /// </summary>
    internal TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(18);
}
