namespace TokenAuth;

/// <summary>
/// A provider around another one. Derive from it to count, to log, or to choose, and override the members that should differ. The inner
/// provider supplies the hosts, the rejection rules, the subscription key, the Azure Speech resource, the health and the log. It also keeps
/// a minimum of life that a caller asks for.
/// </summary>
/// <remarks>
/// It is as safe for concurrent use as its overrides are. Over an Azure Speech provider, a <see cref="SubscriptionKeyHandler"/> sends that provider's
/// key. The handler then calls no override of <see cref="GetTokenAsync"/> and <see cref="Invalidate"/>. It does call the overrides of
/// <see cref="AllowedHosts"/> and <see cref="IsRejectedAsync"/>, whose base then returns the key's hosts and rule.
/// </remarks>
public abstract class DelegatingTokenProvider
    : ITokenProvider,
        ITokenAudience,
        ILateAudience,
        IAzureSpeechResource,
        ISubscriptionKeySource,
        ICredentialPlaces,
        IRenewingProvider,
        IMinimumLifeProvider,
        IProbedProvider,
        IReloadingProvider,
        IForgettingProvider,
        IWatchedProvider,
        ISingleTenantProvider,
        IDisposable,
        IAsyncDisposable
{
    private readonly AsyncLocal<WantedLife?> _wanted = new();
    private DelegatedKey? _key; // set once

    /// <param name="innerProvider">The provider behind this one. This one disposes it.</param>
    protected DelegatingTokenProvider(ITokenProvider innerProvider) =>
        InnerProvider = innerProvider ?? throw new ArgumentNullException(nameof(innerProvider));

    /// <inheritdoc cref="ITokenAudience.AllowedHosts"/>
    /// <value>The inner provider's hosts; empty when it names none.</value>
    public virtual IReadOnlyCollection<string> AllowedHosts => DelegatedKey.HostsOf(this, Audience)?.AllowedHosts ?? [];

    bool ILateAudience.HostsComeWithTokens => InnerProvider is ILateAudience { HostsComeWithTokens: true };

    /// <inheritdoc cref="IAzureSpeechResource.Region"/>
    public virtual string? Region => Resource?.Region;

    /// <inheritdoc cref="IAzureSpeechResource.Endpoint"/>
    public virtual Uri? Endpoint => Resource?.Endpoint;

    /// <inheritdoc cref="IAzureSpeechResource.GrantsServiceTokens"/>
    public virtual bool GrantsServiceTokens => Resource?.GrantsServiceTokens is true;

    ITokenProvider ISubscriptionKeySource.SubscriptionKey =>
        InnerProvider is ISubscriptionKeySource { SubscriptionKey: var key }
            ? LazyInitializer.EnsureInitialized(ref _key, () => new DelegatedKey(this, key))!
            : this;

    CachedTokenProvider? IRenewingProvider.Engine => (InnerProvider as IRenewingProvider)?.Engine;

    IDisposable? IWatchedProvider.BeginWatch() => (InnerProvider as IWatchedProvider)?.BeginWatch();

    string? ISingleTenantProvider.TenantName => (InnerProvider as ISingleTenantProvider)?.TenantName;

    void IForgettingProvider.Forget() => InnerProvider.Forget();

    OutageReport? IReloadingProvider.InvalidSettings => (InnerProvider as IReloadingProvider)?.InvalidSettings;

    /// <summary>The provider behind this one.</summary>
    protected ITokenProvider InnerProvider { get; }

    private ITokenAudience? Audience => InnerProvider as ITokenAudience;

    private IAzureSpeechResource? Resource => InnerProvider as IAzureSpeechResource;

    /// <inheritdoc/>
    public virtual ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        _wanted.Value is { } life
            ? life.AskAsync(InnerProvider, cancellationToken)
            : InnerProvider.GetTokenAsync(cancellationToken);

    async ValueTask<AccessToken> IMinimumLifeProvider.GetTokenAsync(
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    )
    {
        var life = new WantedLife(minimumRemaining);
        _wanted.Value = life; // until this method returns
        var token = await GetTokenAsync(cancellationToken).ConfigureAwait(false); // whatever an override makes of it
        if (life.WasAskedFor)
            return token;

        // The override did not ask its base.
        await life.AskAsync(InnerProvider, cancellationToken).ConfigureAwait(false);

        return await GetTokenAsync(cancellationToken).ConfigureAwait(false);
    }

    Task<TokenProbeReport> IProbedProvider.ProbeAsync(TokenProbeOptions options, CancellationToken cancellationToken) =>
        InnerProvider.ProbeAsync(options, cancellationToken);

    string? ICredentialPlaces.ErrorOf(CredentialPlace place) => (InnerProvider as ICredentialPlaces)?.ErrorOf(place);

    /// <inheritdoc/>
    public virtual void Invalidate(AccessToken rejected) => InnerProvider.Invalidate(rejected);

    /// <inheritdoc/>
    public virtual ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        DelegatedKey.RuleOf(this, Audience)?.IsRejectedAsync(response, cancellationToken)
        ?? new(StandardRejection.Is(response));

    /// <summary>Disposes the inner provider.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DisposeAsyncCore().ConfigureAwait(false);
        Dispose(disposing: false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the text of the inner provider.</summary>
    public override string? ToString() => InnerProvider.ToString();

    /// <summary>Disposes the inner provider.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            (InnerProvider as IDisposable)?.Dispose();
    }

    /// <summary>Disposes the inner provider, which may wait for a grant that is being stored.</summary>
    protected virtual async ValueTask DisposeAsyncCore()
    {
        if (InnerProvider is IAsyncDisposable asynchronously)
            await asynchronously.DisposeAsync().ConfigureAwait(false);
        else
            (InnerProvider as IDisposable)?.Dispose();
    }
}
