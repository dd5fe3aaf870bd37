using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>
/// A provider whose options may change at run time. A change starts a new identity: nothing obtained with the old secret is handed
/// out under the new one. Wrong options keep the last good ones, and a reload never throws into the application.
/// </summary>
internal sealed partial class ReloadingTokenProvider<TOptions>
    : ITokenProvider,
        ITokenAudience,
        IAzureSpeechResource,
        ISubscriptionKeySource,
        IRenewingProvider,
        ICredentialPlaces,
        IMinimumLifeProvider,
        IProbedProvider,
        IReloadingProvider,
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
        _key = new SwitchingKey(this);
        _options = settings.Initial;
        _serving = new ServingProvider(create(_options));
        _invalidSettings = new Outage(Engine?.Time ?? TimeProvider.System);
        _watches = settings.Watch(Reload);
        if (settings.HaveChanged) // since the start, before the watches stood
            Reload();
    }

    public ITokenProvider Current => Serving.Provider;

    public IReadOnlyCollection<string> AllowedHosts => Serving.Audience?.AllowedHosts ?? [];

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
        while (await IsReplacedAsync(asked, waiting).ConfigureAwait(false))
        {
            asked = Serving;
            waiting = asked.Provider.GetTokenAsync(minimumRemaining, cancellationToken).AsTask();
        }

        return await waiting.ConfigureAwait(false);
    }

    // A token that came all the same came before the change.
    private static async Task<bool> IsReplacedAsync(ServingProvider asked, Task<AccessToken> waiting)
    {
        await Task.WhenAny(waiting, asked.Replaced).ConfigureAwait(false);
        if (waiting.Status == TaskStatus.RanToCompletion || !asked.Replaced.IsCompleted)
            return false;

        _ = waiting.ContinueWith(
            static abandoned => abandoned.Exception, // seen: its end tells nobody anything
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

        return true;
    }

    private void EndReloads()
    {
        lock (_reloading)
            _isDisposed = true;

        foreach (var watch in _watches)
            watch.Dispose();
    }

    private void Reload()
    {
        ServingProvider old;
        try
        {
            lock (_reloading)
            {
                var candidate = _settings.Read();
                _invalidSettings.Succeeds();
                if (_isDisposed || _isSame(_options, candidate))
                    return;
                if (_serving.Provider is IAdoptingProvider<TOptions> adopting && adopting.TryAdopt(candidate))
                {
                    _options = candidate;
                    TelemetryGuard.Emit(() => LogAdopted(_logger, _name));
                    return;
                }

                var next = _create(candidate);
                old = _serving;
                _options = candidate;
                Volatile.Write(ref _serving, new ServingProvider(next));
            }
        }
#pragma warning disable CA1031 // whatever binding, validation or a constructor throws: the last good options stay
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var errors = exception switch
            {
                OptionsValidationException wrong => SettingError.Lines([.. wrong.Failures]),
                ArgumentException wrong => wrong.Message,
                _ => exception.GetType().Name,
            };
            _invalidSettings.Fails(errors);
            TelemetryGuard.Emit(() => LogInvalidReload(_logger, _name, errors));
            return;
        }

        old.Replace();
        TelemetryGuard.Emit(() => LogReloaded(_logger, _name));
    }

    [LoggerMessage(
        5,
        LogLevel.Error,
        "The changed settings of token provider '{Provider}' are wrong, so the last good ones stay in use. {Errors}"
    )]
    private static partial void LogInvalidReload(ILogger logger, string provider, string errors);

    [LoggerMessage(
        6,
        LogLevel.Information,
        "The settings of token provider '{Provider}' changed; it starts anew with them."
    )]
    private static partial void LogReloaded(ILogger logger, string provider);

    [LoggerMessage(
        7,
        LogLevel.Information,
        "The settings of token provider '{Provider}' changed; its token stays in use."
    )]
    private static partial void LogAdopted(ILogger logger, string provider);

    /// <summary>The key of whichever provider is current.</summary>
    private sealed class SwitchingKey(ReloadingTokenProvider<TOptions> owner) : ITokenProvider, ITokenAudience
    {
        public IReadOnlyCollection<string> AllowedHosts => owner.Serving.KeyAudience?.AllowedHosts ?? [];

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            owner.Serving.Key.GetTokenAsync(cancellationToken);

        public void Invalidate(AccessToken rejected) => owner.Serving.Key.Invalidate(rejected);

        public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
            owner.Serving.KeyAudience?.IsRejectedAsync(response, cancellationToken) ?? new ValueTask<bool>(false);
    }
}
