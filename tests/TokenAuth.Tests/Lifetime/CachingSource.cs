using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime;

/// <summary>A source with a cache of its own, as a credential of Azure.Identity is: the same token until the test brings another one.</summary>
internal sealed class CachingSource(ManualTimeProvider time) : ICachingTokenSource
{
    private int _calls;
    private int _callsPastCache;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Those among them that wanted another token than the cached one.</summary>
    public int CallsPastCache => Volatile.Read(ref _callsPastCache);

    public AccessToken Cached { get; set; } = new("cached", time.GetUtcNow() + TimeSpan.FromHours(1));

    public DateTimeOffset? RefreshOn { get; set; }

    public List<TokenGrant?> Refused { get; } = [];

    public Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);

        return Task.FromResult(new TokenGrant(Cached) { RefreshOn = RefreshOn });
    }

    public Task<TokenGrant> AcquirePastCacheAsync(TokenGrant? refused, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _callsPastCache);
        lock (Refused)
            Refused.Add(refused);

        return AcquireAsync(refused, cancellationToken);
    }
}
