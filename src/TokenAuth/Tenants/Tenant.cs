using System.Diagnostics;

namespace TokenAuth;

/// <summary>
/// One tenant in memory, and the provider that an application may keep: once it is out of memory, it resolves the tenant again.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed partial class Tenant
    : ITokenProvider,
        ITokenAudience,
        ILateAudience,
        IAzureSpeechResource,
        ISubscriptionKeySource,
        ICredentialPlaces,
        IPlacedRejections,
        IRenewingProvider,
        IMinimumLifeProvider,
        IProbedProvider,
        IWatchedProvider,
        ISingleTenantProvider
{
    private readonly TenantProviders _all;
    private readonly ITokenProvider _provider;
    private readonly ITokenAudience? _audience;
    private readonly CachedTokenProvider? _engine;

    private TenantKey? _key;
    private long _usedAt;

    public Tenant(TenantProviders all, string name, ITokenProvider provider)
    {
        _all = all;
        Name = name;
        _provider = provider;
        _audience = provider as ITokenAudience;
        _engine = (provider as IRenewingProvider)?.Engine;
    }

    public string Name { get; }

    string? ISingleTenantProvider.TenantName => Name;

    /// <summary>Its place among those that may leave.</summary>
    public int Place { get; set; } // guarded by the gate of TenantProviders

    /// <summary>The moment of its last use, as a timestamp of the monotonic clock.</summary>
    public long UsedAt => Volatile.Read(ref _usedAt);

    /// <summary>Tells apart those that were used while the clock stood still.</summary>
    public long Turn { get; private set; }

    public IReadOnlyCollection<string> AllowedHosts => Latest._audience?.AllowedHosts ?? [];

    /// <summary>True while nobody has resolved the tenant again: its hosts may be others then.</summary>
    public bool HostsComeWithTokens => Latest._isOut;

    public string? Region => (Latest._provider as IAzureSpeechResource)?.Region;

    public Uri? Endpoint => (Latest._provider as IAzureSpeechResource)?.Endpoint;

    public bool GrantsServiceTokens => (Latest._provider as IAzureSpeechResource)?.GrantsServiceTokens is true;

    public CachedTokenProvider? Engine => Latest._engine;

    public ITokenProvider SubscriptionKey =>
        _provider is ISubscriptionKeySource
            ? LazyInitializer.EnsureInitialized(ref _key, () => new TenantKey(this))!
            : this;

    /// <summary>True while its eviction would lose something.</summary>
    public bool IsBusy => Engine is { IsBusy: true } || _provider is IStayingProvider { MustStay: true };

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        if (_isOut)
            return AgainAsync(TimeSpan.Zero, cancellationToken);

        var now = Touch();
#if NET
        if (_engine?.FreshAt(now) is { } fresh)
            return new ValueTask<AccessToken>(fresh); // one look at the clock for both, and no further call
#endif
        var token = _provider.GetTokenAsync(cancellationToken);

        return token.IsCompletedSuccessfully ? token : OverForgettingAsync(token, TimeSpan.Zero, cancellationToken);
    }

    public ValueTask<AccessToken> GetTokenAsync(TimeSpan minimumRemaining, CancellationToken cancellationToken)
    {
        if (_isOut)
            return AgainAsync(minimumRemaining, cancellationToken);

        Touch();
        return OverForgettingAsync(
            _provider.GetTokenAsync(minimumRemaining, cancellationToken),
            minimumRemaining,
            cancellationToken
        );
    }

    public void Invalidate(AccessToken rejected)
    {
        Volatile.Write(ref _refused, rejected); // it may leave before a newer one is obtained
        Latest._provider.Invalidate(rejected);
    }

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Latest._audience?.IsRejectedAsync(response, cancellationToken) ?? new(StandardRejection.Is(response));

    bool IPlacedRejections.MayBeRejected(HttpResponseMessage response, CredentialPlace place) =>
        Latest._audience switch
        {
            IPlacedRejections rejections => rejections.MayBeRejected(response, place),
            null => StandardRejection.Is(response),
            _ => true,
        };

    ValueTask<bool> IPlacedRejections.IsRejectedAsync(
        HttpResponseMessage response,
        CredentialPlace place,
        CancellationToken cancellationToken
    ) =>
        Latest._audience is IPlacedRejections rejections
            ? rejections.IsRejectedAsync(response, place, cancellationToken)
            : IsRejectedAsync(response, cancellationToken);

    string? ICredentialPlaces.ErrorOf(CredentialPlace place) => (_provider as ICredentialPlaces)?.ErrorOf(place);

    async Task<TokenProbeReport> IProbedProvider.ProbeAsync(
        TokenProbeOptions options,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var present = _isOut ? await ReturnAsync(cancellationToken).ConfigureAwait(false) : this;
            try
            {
                return await present._provider.ProbeAsync(options, cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectDisposedException) when (present._isOut)
            {
                // It was forgotten meanwhile.
            }
        }
    }

    IDisposable? IWatchedProvider.BeginWatch() => _all.BeginWatch(Name);

    /// <summary>Names the name that it is registered under, and nothing else.</summary>
    public override string ToString() => $"Tenant of '{_all.Name}'";

    /// <summary>Notes that it is used, and returns when.</summary>
    public long Touch()
    {
        var now = _all.Now;
        if (Volatile.Read(ref _usedAt) != now)
            Volatile.Write(ref _usedAt, now);
        if (!_all.IsSystemTime)
            Turn = _all.NextTurn();

        return now;
    }

    /// <summary>Ends its provider; callers who wait for a token resolve again.</summary>
    public async ValueTask EndAsync()
    {
        if (_provider is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            (_provider as IDisposable)?.Dispose();
    }

    public void End() => (_provider as IDisposable)?.Dispose();

    /// <summary>The key that its requests carry in the place of a token.</summary>
    /// <param name="refused">The key that a service refused last; null when there is none.</param>
    internal ValueTask<AccessToken> GetKeyAsync(AccessToken? refused, CancellationToken cancellationToken)
    {
        if (_isOut)
            return KeyAgainAsync(refused, cancellationToken);

        Touch();
        return Key.GetTokenAsync(cancellationToken);
    }

    internal ITokenProvider LatestKey => Latest.Key;

    private ITokenProvider Key => (_provider as ISubscriptionKeySource)?.SubscriptionKey ?? _provider;
}
