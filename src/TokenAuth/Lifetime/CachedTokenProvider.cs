using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TokenAuth;

/// <summary>
/// Keeps one token of a source alive: hands it out without a lock while it is fresh, renews it early in the background, lets
/// callers wait for one common renewal when it is due, and never hands out an expired or a rejected one.
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
        IDisposable,
        IAsyncDisposable
{
    private static readonly TimeSpan _flightLimit = TimeSpan.FromSeconds(40);
    private static readonly Uri _noEndpoint = new("urn:token-source");

#if NET9_0_OR_GREATER
    private readonly Lock _gate = new();
#else
    private readonly object _gate = new();
#endif
    private readonly CancellationTokenSource _lifetime = new();
    private readonly TimeProvider _time;
    private readonly bool _isSystemTime;
    private readonly ILogger _logger;
    private readonly BackOff _backOff;
    private readonly Action<Action>? _launch;
    private readonly GrantStore? _store;
    private readonly GrantRenewal _renewal;
    private readonly LateSaving _saving;
    private readonly RejectionBudget _rejections; // guarded by _gate

    private HeldToken? _held; // written under _gate, read by anybody
    private TokenRecord? _known; // guarded by _gate: the newest grant, also after its token expired or was rejected
    private Flight? _flight; // written under _gate, read by anybody
    private Trouble? _trouble; // written under _gate, read by anybody: since when renewals have been failing
    private bool _isFailureLogged; // guarded by _gate: whether one of them was, since the last success
    private bool _isOverBudget; // guarded by _gate: whether the last rejection caused no renewal
    private bool _wasRejected; // guarded by _gate: whether a service has refused the newest token
    private TimeSpan _unmet = TimeSpan.MaxValue; // guarded by _gate: the minimum that the last renewal was for and did not reach
    private bool _isDisposed; // guarded by _gate

    /// <summary>Wraps a source.</summary>
    /// <param name="store">
    /// Where grants survive a restart; only in memory when null. With one, set <see cref="CachedTokenOptions.StoreKey"/>: two providers of one source
    /// type and one name would otherwise hand out each other's tokens, whatever credentials they have, and the log warns of it.
    /// </param>
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
        SettingFault.ThrowIfAny(CachedTokenOptionsValidator.Faults(options), nameof(options));

        ProviderName = options.ProviderName ?? source.GetType().Name;
        _time = timeProvider ?? TimeProvider.System;
        _isSystemTime = ReferenceEquals(_time, TimeProvider.System);
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<CachedTokenProvider>();
        _backOff = new BackOff(_time, options.Jitter);
        _launch = options.Launch;
        _rejections = new RejectionBudget(_time);
        if (store is not null && options.StoreKey is null)
            Watchers.Tell(() => LogNoStoreKey(_logger, ProviderName, source.GetType().Name));
        _store = store is null
            ? null
            : new GrantStore(
                store,
                options.StoreKey ?? TokenStoreKey.For(source.GetType().FullName!, _noEndpoint, ProviderName),
                ProviderName,
                _time,
                _logger
            );
        _renewal = new GrantRenewal(source, options, ProviderName, _store, _time, _logger);
        _saving = new LateSaving(_renewal, _time);
        Watchers.Tell(() => LiveProviders.Add(this));
    }

    internal string ProviderName { get; }

    internal TimeProvider Time => _time;

    internal ILogger Logger => _logger;

    internal bool IsRenewing => Volatile.Read(ref _flight) is not null;

    internal bool IsSaving => _saving.IsBusy;

    /// <summary>How long the token may still be used; zero when the last renewal left none, null when it does not expire or there is none yet.</summary>
    internal TimeSpan? RemainingLife =>
        Volatile.Read(ref _held) is { } held ? held.RemainingLife(_time)
        : Volatile.Read(ref _trouble) is null ? null
        : TimeSpan.Zero;

    CachedTokenProvider IRenewingProvider.Engine => this;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The provider is disposed.</exception>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        var held = Volatile.Read(ref _held);
        if (held is not null && (_isSystemTime ? held.IsFreshBySystemClock() : held.IsFresh(_time)))
            return new ValueTask<AccessToken>(held.Token);

        return RenewOrWait(TimeSpan.Zero, cancellationToken);
    }

    ValueTask<AccessToken> IMinimumLifeProvider.GetTokenAsync(
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    ) => RenewOrWait(minimumRemaining, cancellationToken);

    /// <inheritdoc/>
    public void Invalidate(AccessToken rejected)
    {
        if (rejected is null)
            throw new ArgumentNullException(nameof(rejected));

        bool renews;
        bool warns;
        lock (_gate)
        {
            if (_held is null || !string.Equals(_held.Token.Value, rejected.Value, StringComparison.Ordinal))
                return;

            renews = _rejections.TrySpend(rejected);
            warns = !renews && !_isOverBudget; // once until a renewal is allowed again
            _isOverBudget = !renews;
            if (renews)
            {
                _held = null;
                _wasRejected = true;
            }
        }

        Watchers.Tell(() => TokenMeter.Rejected(ProviderName));
        if (renews)
            Watchers.Tell(() => LogRejected(_logger, ProviderName));
        else if (warns)
            Watchers.Tell(() => LogRejectionsExceeded(_logger, ProviderName, RejectionBudget.PerHour));
    }

    /// <summary>Ends the provider: whoever waits gets an <see cref="ObjectDisposedException"/> at once.</summary>
    public void Dispose()
    {
        Flight? flight;
        lock (_gate)
        {
            if (_isDisposed)
                return;

            _isDisposed = true;
            _trouble = null;
            _held = null;
            _known = null;
            flight = _flight;
            _flight = null;
        }

        flight?.Land(Renewal.Disposed);
        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();

        return default;
    }

    /// <summary>Names the provider, and nothing else.</summary>
    public override string ToString() => $"CachedTokenProvider '{ProviderName}'";

    /// <summary>How the provider stands; makes no call.</summary>
    internal TokenProviderSnapshot Snapshot()
    {
        lock (_gate)
            return new TokenProviderSnapshot
            {
                ProviderName = ProviderName,
                Token = _held?.State(_time),
                ExpiresAt = _held?.Token.ExpiresAt,
                Renewal = _trouble,
                NextAttempt = _time.GetUtcNow() + (_backOff.NextAttempt ?? TimeSpan.Zero),
                Store = _store?.Failing,
            };
    }
}
