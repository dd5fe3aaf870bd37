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
public sealed partial class CachedTokenProvider : ITokenProvider, IRenewingProvider, IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _flightLimit = TimeSpan.FromSeconds(40);
    private static readonly Uri _noEndpoint = new("urn:token-source");
    private static readonly TimeSpan _saveAgainAfter = TimeSpan.FromSeconds(30);

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
    private readonly RejectionBudget _rejections; // guarded by _gate

    private HeldToken? _held; // written under _gate, read by anybody
    private TokenRecord? _known; // guarded by _gate: the newest grant, also after its token expired or was rejected
    private Flight? _flight; // written under _gate, read by anybody
    private Trouble? _trouble; // guarded by _gate: since when renewals have been failing
    private bool _wasRejected; // guarded by _gate: whether a service has refused the newest token
    private bool _isDisposed; // guarded by _gate
    private bool _isSaving; // guarded by _gate

    /// <summary>Wraps a source.</summary>
    /// <param name="store">Where grants survive a restart; only in memory when null.</param>
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
        _backOff = new BackOff(_time);
        _launch = options.Launch;
        _rejections = new RejectionBudget(_time);
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
        LiveProviders.Add(this);
    }

    internal string ProviderName { get; }

    internal TimeProvider Time => _time;

    internal ILogger Logger => _logger;

    internal bool IsRenewing => Volatile.Read(ref _flight) is not null;

    /// <summary>How long the token may still be used; null when there is none or it does not expire.</summary>
    internal TimeSpan? RemainingLife => Volatile.Read(ref _held)?.RemainingLife(_time);

    CachedTokenProvider IRenewingProvider.Engine => this;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The provider is disposed.</exception>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        var held = Volatile.Read(ref _held);
        if (held is not null && (_isSystemTime ? held.IsFreshBySystemClock() : held.IsFresh(_time)))
            return new ValueTask<AccessToken>(held.Token);

        return RenewOrWait(cancellationToken);
    }

    /// <inheritdoc/>
    public void Invalidate(AccessToken rejected)
    {
        if (rejected is null)
            throw new ArgumentNullException(nameof(rejected));

        bool renews;
        lock (_gate)
        {
            if (_held is null || !string.Equals(_held.Token.Value, rejected.Value, StringComparison.Ordinal))
                return;

            renews = _rejections.TrySpend(rejected);
            if (renews)
            {
                _held = null;
                _wasRejected = true;
            }
        }

        TokenMeter.Rejected(ProviderName);
        if (renews)
            LogRejected(_logger, ProviderName);
        else
            LogRejectionsExceeded(_logger, ProviderName, RejectionBudget.PerHour);
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
            _held = null;
            _known = null;
            flight = _flight;
            _flight = null;
        }

        LiveProviders.Remove(this);
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

    private ValueTask<AccessToken> RenewOrWait(CancellationToken cancellationToken)
    {
        Flight flight;
        lock (_gate)
        {
            if (_isDisposed)
                return Failed(new ObjectDisposedException(ToString()));

            var state = _held?.State(_time) ?? TokenState.Expired;
            if (state == TokenState.Fresh)
                return new ValueTask<AccessToken>(_held!.Token);

            var holding = _flight is null ? _backOff.Holding : null;
            if (holding is not null)
                return state == TokenState.Expired || (state == TokenState.Due && !holding.IsTransient)
                    ? Failed(holding.ToException())
                    : new ValueTask<AccessToken>(_held!.Token);

            flight = _flight ?? TakeOff(ReasonIn(state));
            if (state == TokenState.Stale)
                return new ValueTask<AccessToken>(_held!.Token);
        }

        return WaitAsync(flight, cancellationToken);
    }

    private static ValueTask<AccessToken> Failed(Exception exception) =>
        new(Task.FromException<AccessToken>(exception));

    private async ValueTask<AccessToken> WaitAsync(Flight flight, CancellationToken cancellationToken)
    {
        var renewal = cancellationToken.CanBeCanceled
            ? await flight.Landed.WaitAsync(cancellationToken).ConfigureAwait(false)
            : await flight.Landed.ConfigureAwait(false);

        var held = Volatile.Read(ref _held);
        var isUsable = held is not null && held.State(_time) != TokenState.Expired;

        if (renewal.Held is not null)
            return isUsable ? held!.Token : await RenewOrWait(cancellationToken).ConfigureAwait(false); // rejected or expired since
        if (renewal.Failure is not { } failure)
            throw new ObjectDisposedException(ToString());

        // Due, or restored from a store: the service still takes the old token.
        return failure.IsTransient && isUsable ? held!.Token : throw failure.ToException();
    }

    // Called under _gate.
    private string ReasonIn(TokenState state) =>
        state == TokenState.Stale ? RenewalReason.Early
        : state == TokenState.Due ? RenewalReason.Due
        : _wasRejected ? RenewalReason.Rejected
        : _known is null ? RenewalReason.First
        : RenewalReason.Expired;

    // Called under _gate.
    private Flight TakeOff(string reason)
    {
        var flight = new Flight(reason, AcquireActivity.Cause, isInline: _launch is not null);
        _flight = flight;

        if (_launch is not null)
            _launch(() => _ = FlyAsync(flight));
        else
            // No caller's ExecutionContext, Activity or SynchronizationContext goes with work that serves many.
            ThreadPool.UnsafeQueueUserWorkItem(
                static state =>
                {
                    var (provider, flight) = ((CachedTokenProvider, Flight))state!;
                    _ = provider.FlyAsync(flight);
                },
                (this, flight)
            );

        return flight;
    }

    private async Task FlyAsync(Flight flight)
    {
        using var activity = AcquireActivity.Start(ProviderName, flight.Reason, flight.Cause);
        var renewal = await RenewAsync().ConfigureAwait(false);

        lock (_gate)
        {
            if (!ReferenceEquals(_flight, flight))
                return; // disposed meanwhile

            if (renewal.Held is { } held)
            {
                _known = new TokenRecord(held.Grant, held.RequestedAt);
                Volatile.Write(ref _held, held);
                _trouble = null;
                _wasRejected = false;
            }
            else if (renewal.Failure is { } cause)
            {
                _trouble = new Trouble(_trouble?.Since ?? _time.GetUtcNow(), cause.Message);
            }

            _flight = null;
        }

        flight.Land(renewal);
        Report(renewal, flight, activity);
        StartSaving();
    }

    private async Task<Renewal> RenewAsync()
    {
        try
        {
            return await _backOff.RunAsync(RenewOnceAsync, _lifetime.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return Renewal.Disposed;
        }
    }

    private void Report(Renewal renewal, Flight flight, Activity? activity)
    {
        AcquireActivity.End(activity, renewal);
        TokenMeter.Renewed(ProviderName, flight.Reason, renewal.Failure?.ErrorType);
        if (renewal.Failure is { } failure && flight.Reason == RenewalReason.Early)
            LogEarlyRenewalFailed(_logger, ProviderName, failure.Message);
    }

    private async Task<Renewal> RenewOnceAsync(CancellationToken cancellationToken)
    {
        TokenRecord? known;
        lock (_gate)
            known = _known;

        try
        {
            var held = await TimeLimit
                .RunAsync(
                    ct => _renewal.RunAsync(known, IsWorthMore, Restore, ct),
                    "The renewal",
                    _flightLimit,
                    _time,
                    cancellationToken
                )
                .ConfigureAwait(false);

            return Fault(held) is { } fault ? new Renewal(Useless(held, fault)) : new Renewal(held);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new Renewal(RenewalFailure.From(exception, ProviderName));
        }
    }

    // A stored token is a renewal only if it was asked for after ours. Its age is known by the wall clock alone: after one that was set
    // back, a token that we know to be old would look young again.
    private bool IsWorthMore(HeldToken stored)
    {
        lock (_gate)
        {
            return (_known is null || stored.RequestedAt > _known.RequestedAt)
                && !_rejections.WasRejected(stored.Token)
                && stored.State(_time) <= TokenState.Stale;
        }
    }

    private void Restore(HeldToken stored)
    {
        lock (_gate)
            if (!_isDisposed && _held is null && _known is null)
                Volatile.Write(ref _held, stored);
    }

    private string? Fault(HeldToken held)
    {
        lock (_gate)
            return _rejections.WasRejected(held.Token) ? "that a service has refused before"
                : held.State(_time) == TokenState.Expired ? "that has expired already"
                : null;
    }

    // The token is of no use, what renews it may be.
    private RenewalFailure Useless(HeldToken held, string fault)
    {
        lock (_gate)
            _known = new TokenRecord(held.Grant, held.RequestedAt);

        return RenewalFailure.Transient(
            $"The token endpoint of provider '{ProviderName}' returned a token {fault}.",
            ProviderName
        );
    }

    private void StartSaving()
    {
        lock (_gate)
        {
            if (_isDisposed || _isSaving || _renewal.Unsaved is null)
                return;

            _isSaving = true;
        }

        _ = SaveLaterAsync();
    }

    private async Task SaveLaterAsync()
    {
        try
        {
            do
            {
                await _time.Delay(_saveAgainAfter, _lifetime.Token).ConfigureAwait(false);
            } while (!await _renewal.SaveAsync(_lifetime.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The provider ended.
        }
        finally
        {
            lock (_gate)
                _isSaving = false;
        }
    }

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "The early renewal for provider '{Provider}' failed; its token still serves. {Cause}"
    )]
    private static partial void LogEarlyRenewalFailed(ILogger logger, string provider, string cause);

    [LoggerMessage(3, LogLevel.Information, "A service refused the token of provider '{Provider}'; it is renewed.")]
    private static partial void LogRejected(ILogger logger, string provider);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "A service refused the token of provider '{Provider}' again, after {Limit} renewals within an hour; the token stays in use and the "
            + "service's refusals reach the caller. Check that the token belongs to that service, its region and its project."
    )]
    private static partial void LogRejectionsExceeded(ILogger logger, string provider, int limit);
}
