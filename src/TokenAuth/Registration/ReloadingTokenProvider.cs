using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// A provider whose options may change at run time. A change starts a new identity: nothing obtained with the old secret is handed
/// out under the new one. Wrong options keep the last good ones, and a reload never throws into the application.
/// </summary>
internal sealed partial class ReloadingTokenProvider<TOptions>
    : ITokenProvider,
        ITokenAudience,
        ILateAudience,
        IAzureSpeechResource,
        ISubscriptionKeySource,
        IRenewingProvider,
        ICredentialPlaces,
        IPlacedRejections,
        IMinimumLifeProvider,
        IProbedProvider,
        IReloadingProvider,
        IForgettingProvider,
        IDisposable,
        IAsyncDisposable
    where TOptions : class
{
    private readonly string _name;
    private readonly WatchedSettings<TOptions> _settings;
    private readonly Func<TOptions, TOptions, bool> _isSame;
    private readonly Func<TOptions, ITokenProvider> _create;
    private readonly ILogger _logger;
    private readonly IDisposable[] _watches;
    private readonly object _reloading = new();
    private readonly SwitchingKey _key;
    private readonly Outage _invalidSettings;

    private TOptions _options; // guarded by _reloading
    private ServingProvider _serving; // written under _reloading, read by anybody
    private bool _isDisposed; // guarded by _reloading

    public ReloadingTokenProvider(
        string name,
        WatchedSettings<TOptions> settings,
        Func<TOptions, TOptions, bool> isSame,
        Func<TOptions, ITokenProvider> create,
        ILogger logger
    )
    {
        _name = name;
        _settings = settings;
        _isSame = isSame;
        _create = create;
        _logger = logger;
        _key = new SwitchingKey(() => Serving);
        _options = settings.Initial;
        _serving = new ServingProvider(create(_options));
        _invalidSettings = new Outage(Engine?.Time ?? TimeProvider.System);
        _watches = settings.Watch(Reload);
        if (settings.HaveChanged) // since the start, before the watches stood
            Reload();
    }

    public ITokenProvider Current => Serving.Provider;

    public IReadOnlyCollection<string> AllowedHosts => Serving.Audience?.AllowedHosts ?? [];

    bool ILateAudience.HostsComeWithTokens => Serving.Audience is ILateAudience { HostsComeWithTokens: true };

    string? IAzureSpeechResource.Region => Resource?.Region;

    Uri? IAzureSpeechResource.Endpoint => Resource?.Endpoint;

    bool IAzureSpeechResource.GrantsServiceTokens => Resource?.GrantsServiceTokens is true;

    ITokenProvider ISubscriptionKeySource.SubscriptionKey => _key;

    public CachedTokenProvider? Engine => (Current as IRenewingProvider)?.Engine;

    private IAzureSpeechResource? Resource => Current as IAzureSpeechResource;

    private ServingProvider Serving => Volatile.Read(ref _serving);

    public OutageReport? InvalidSettings => _invalidSettings.Current;

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        var serving = Serving;
        var token = serving.Provider.GetTokenAsync(cancellationToken);

        return token.IsCompletedSuccessfully
            ? token
            : OverReloadsAsync(serving, token, TimeSpan.Zero, cancellationToken);
    }

    public ValueTask<AccessToken> GetTokenAsync(TimeSpan minimumRemaining, CancellationToken cancellationToken)
    {
        var serving = Serving;
        var token = serving.Provider.GetTokenAsync(minimumRemaining, cancellationToken);

        return OverReloadsAsync(serving, token, minimumRemaining, cancellationToken);
    }

    public async Task<TokenProbeReport> ProbeAsync(TokenProbeOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            var asked = Current;
            try
            {
                return await asked.ProbeAsync(options, cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectDisposedException) when (!ReferenceEquals(asked, Current))
            {
                // The settings changed meanwhile: what serves now is asked.
            }
        }
    }

    string? ICredentialPlaces.ErrorOf(CredentialPlace place) => (Current as ICredentialPlaces)?.ErrorOf(place);

    public void Invalidate(AccessToken rejected) => Current.Invalidate(rejected);

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Serving.Audience is { } audience
            ? audience.IsRejectedAsync(response, cancellationToken)
            : new ValueTask<bool>(false);

    bool IPlacedRejections.MayBeRejected(HttpResponseMessage response, CredentialPlace place) =>
        Serving.Rejections is not { } rejections || rejections.MayBeRejected(response, place);

    ValueTask<bool> IPlacedRejections.IsRejectedAsync(
        HttpResponseMessage response,
        CredentialPlace place,
        CancellationToken cancellationToken
    ) =>
        Serving.Rejections is { } rejections
            ? rejections.IsRejectedAsync(response, place, cancellationToken)
            : IsRejectedAsync(response, cancellationToken);

    public void Forget()
    {
        ServingProvider old;
        lock (_reloading)
        {
            if (_isDisposed || _serving.Provider is not IUserTokenProvider)
                return;

            old = _serving;
            Volatile.Write(ref _serving, new ServingProvider(_create(_options)));
        }

        old.Replace();
    }

    public void Dispose()
    {
        EndReloads();
        (Current as IDisposable)?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        EndReloads();
        if (Current is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            (Current as IDisposable)?.Dispose();
    }

    public override string? ToString() => Current.ToString();

    // Callers that waited under the old options wait again under the new ones.
    private async ValueTask<AccessToken> OverReloadsAsync(
        ServingProvider asked,
        ValueTask<AccessToken> token,
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    )
    {
        var waiting = token.AsTask();
        while (await asked.IsReplacedBeforeAsync(waiting).ConfigureAwait(false))
        {
            asked = Serving;
            waiting = asked.Provider.GetTokenAsync(minimumRemaining, cancellationToken).AsTask();
        }

        return await waiting.ConfigureAwait(false);
    }
}
