using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TokenAuth;

/// <summary>
/// Keeps one token of a source alive. It hands the token out without a lock while the token is fresh, and renews it early in the
/// background. When the token is due, all callers wait for one common renewal. It never hands out an expired or a rejected token.
/// </summary>
/// <remarks>
/// Limits: one exchange with the vendor 15 s, one store operation 2 s, one lease 20 s, one renewal 40 s. Renewals that rejections
/// cause: 20 an hour.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class CachedTokenProvider
    : ITokenProvider,
        IRenewingProvider,
        IMinimumLifeProvider,
        ILiveToken,
        IDisposable,
        IAsyncDisposable
{
    private static readonly TimeSpan _savingLimit = TimeSpan.FromSeconds(2);
    private static readonly Uri _noEndpoint = new("urn:token-source");

    private readonly CancellationTokenSource _lifetime = new();
    private readonly CancellationToken _ended;
    private readonly TimeProvider _time;
    private readonly bool _isSystemTime;
    private readonly ILogger _logger;
    private readonly Action<Action>? _launch;
    private readonly GrantMemory _memory;
    private readonly BackOff _backOff;
    private readonly GrantStore? _store;
    private LateSaving? _saving; // made when there is first something to save late
    private readonly GrantRenewer _renewer;

    /// <summary>Keeps the tokens of a source alive. The caller disposes the source.</summary>
    /// <param name="options">The defaults of <see cref="CachedTokenOptions"/> when null.</param>
    /// <param name="store">
    /// The store in which grants survive a restart; null keeps them in memory only. With a store, set <see cref="CachedTokenOptions.StoreKey"/>.
    /// Otherwise two providers of one source type and one name hand out each other's tokens, even if their credentials differ. The log
    /// warns when the key is missing.
    /// </param>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message says which and how.</exception>
    public CachedTokenProvider(
        ITokenSource source,
        CachedTokenOptions? options = null,
        TimeProvider? timeProvider = null,
        ITokenStore? store = null,
        ILoggerFactory? loggerFactory = null
    )
    {
        if (source is null)
            throw new ArgumentNullException(nameof(source));
        options ??= new CachedTokenOptions();
        SettingError.ThrowIfAny(CachedTokenOptionsValidator.Errors(options), nameof(options));

        ProviderName = options.ProviderName ?? source.GetType().Name;
        _ended = _lifetime.Token;
        _time = timeProvider ?? TimeProvider.System;
        _isSystemTime = ReferenceEquals(_time, TimeProvider.System);
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(CachedTokenProvider).FullName!);
        _launch = options.Launch;
        _memory = new GrantMemory(options, _time, mayRepeat: source is ICachingTokenSource);
        _backOff = new BackOff(_time, options.Jitter);
        if (store is not null)
        {
            var key = options.StoreKey;
            if (key is null && options.Tenant is null)
            {
                key = TokenStoreKey.For(source.GetType().FullName!, _noEndpoint, ProviderName);
                TelemetryGuard.Emit(() => LogNoStoreKey(_logger, ProviderName, source.GetType().Name));
            }

            _store = new GrantStore(store, key, ProviderName, _time, _logger) { Tenant = options.Tenant };
        }

        var vendor = new GrantSource(source, ProviderName, _time, _logger);
        _renewer = new GrantRenewer(vendor, _memory, _backOff, _store, options, _time);
        if (options.Tenant is null)
            TelemetryGuard.Emit(() => LiveProviders.Add(this));
    }

    CachedTokenProvider IRenewingProvider.Engine => this;

    private LateSaving? Saving =>
        _store is null
            ? null
            : LazyInitializer.EnsureInitialized(ref _saving, () => new LateSaving(_memory, _store, _time));

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The provider is disposed.</exception>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        var held = _memory.Serving;
        if (held is not null && (_isSystemTime ? held.IsFreshBySystemClock() : held.IsFresh(_time)))
            return new ValueTask<AccessToken>(held.Token);

        return RenewOrWait(minimum: default, cancellationToken);
    }

#if NET
    /// <summary>
    /// Returns the token if it is fresh at this tick, which the caller has just read from the system's coarse clock. Returns null if the token is
    /// not fresh, and always over another clock; then call <see cref="GetTokenAsync"/>.
    /// </summary>
    internal AccessToken? FreshAt(long tick) =>
        _isSystemTime && _memory.Serving is { } held && held.IsFreshBySystemClock(tick) ? held.Token : null;
#endif

    ValueTask<AccessToken> IMinimumLifeProvider.GetTokenAsync(
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    ) => RenewOrWait(minimumRemaining, cancellationToken);

    /// <inheritdoc/>
    public void Invalidate(AccessToken rejected)
    {
        if (rejected is null)
            throw new ArgumentNullException(nameof(rejected));

        var rejection = _memory.Reject(rejected);
        if (rejection == Rejection.OfAnother)
            return;

        TelemetryGuard.Emit(() => TokenMeter.Rejected(ProviderName));
        if (rejection == Rejection.Accepted)
            TelemetryGuard.Emit(() => LogRejected(_logger, ProviderName));
        else if (rejection == Rejection.IgnoredFirst)
            TelemetryGuard.Emit(() => LogRejectionsExceeded(_logger, ProviderName, RejectionBudget.PerHour));
    }

    /// <summary>Ends the provider. Callers who wait get an <see cref="ObjectDisposedException"/> at once.</summary>
    public void Dispose() => End(out _);

    /// <summary>
    /// Ends the provider as <see cref="Dispose"/> does, and waits at most 2 seconds until the store has a grant that the vendor gave.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!End(out var underWay) || _store is null || (underWay is null && _memory.Pending is null))
            return;

        try
        {
            var limit = new TimeLimit("Storing the last grant", _savingLimit, _time);
            await limit.RunAsync(end => SaveLastAsync(underWay, end), CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeLimitException)
        {
            // The store has logged its outage; the end of a process does not wait for it.
        }
    }

    /// <summary>Returns the provider's name and nothing secret.</summary>
    public override string ToString() => $"CachedTokenProvider '{ProviderName}'";

    private bool End(out Renewal? underWay)
    {
        if (!_memory.End(out underWay))
            return false;

        underWay?.Complete(new RenewalOutcome.Ended());
        _lifetime.Cancel();
        _lifetime.Dispose();

        return true;
    }

    // The end has cancelled a running call of the vendor. A running write to the store goes on.
    private async Task SaveLastAsync(Renewal? underWay, CancellationToken cancellationToken)
    {
        if (underWay is not null)
            await underWay.Running.ConfigureAwait(false);
        await Saving!.SaveAsync(cancellationToken).ConfigureAwait(false);
    }
}
