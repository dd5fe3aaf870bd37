namespace TokenAuth;

/// <summary>Options of <see cref="CachedTokenProvider"/>. They describe the source whose token it keeps alive.</summary>
public class CachedTokenOptions
{
    /// <summary>The name in messages, logs and metrics.</summary>
    /// <value>Any text but white space alone. The source's type name unless set.</value>
    public string? ProviderName { get; set; }

    /// <summary>
    /// The key that distinguishes this grant from every other one in a store. Providers with the same key share their tokens. Make the key from the
    /// endpoint and the client id with <see cref="TokenStoreKey.For"/>.
    /// </summary>
    /// <value>
    /// One to 128 of the characters <c>a-z 0-9 -</c>, never a secret, because a store may use the key as a file's name. Unless set, a hash of the
    /// source's type and the provider's name. The hash ignores credentials: two providers of one type and one name share
    /// their tokens, and the log warns of it.
    /// </value>
    public string? StoreKey { get; set; }

    /// <summary>A digest of the secret behind the grants; see <see cref="TokenRecord.SecretDigest"/>.</summary>
    /// <value>Null unless set. The provider uses a stored access token only if its record has the same digest, or none where this is null.</value>
    public string? SecretDigest
    {
        get => field ??= MakeSecretDigest?.Invoke();
        set;
    }

    /// <summary>Makes <see cref="SecretDigest"/> when it is first needed, which an idle tenant's never is.</summary>
    internal Func<string?>? MakeSecretDigest { get; init; }

    /// <summary>
    /// The tenant among many whose grants these are; null where they are of none. The record's key is then the tenant's, the gauge of remaining life
    /// leaves the grants out, and a stored grant of another <see cref="SecretDigest"/> is of no use, its refresh token included: it may be that of
    /// another client.
    /// </summary>
    internal string? Tenant { get; set; }

    /// <summary>Spreads early renewals over 70 % to 90 % of the reuse time, and breaks over their last quarter: 0 to 1.</summary>
    internal Func<double> Jitter { get; set; } = RandomShare.Next;

    /// <summary>Runs renewals, and their callers' continuations with them, where a test wants them; null: on the thread pool.</summary>
    internal Action<Action>? Launch { get; set; }
}
