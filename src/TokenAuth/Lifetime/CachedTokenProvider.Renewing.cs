using System.Diagnostics;

namespace TokenAuth;

/// <content>What happens when the token is not fresh.</content>
public sealed partial class CachedTokenProvider
{
    private ValueTask<AccessToken> RenewOrWait(TimeSpan minimum, CancellationToken cancellationToken)
    {
        Flight? flight;
        RenewalFailure? holding;
        lock (_gate)
        {
            if (_isDisposed)
                return Failed(new ObjectDisposedException(ToString()));

            var state = _held?.State(_time) ?? TokenState.Expired;
            var isShort = state != TokenState.Expired && IsShort(minimum);
            if (state == TokenState.Fresh && !isShort)
                return new ValueTask<AccessToken>(_held!.Token);

            holding = _flight is null or { IsLook: true } ? _backOff.Holding : null;
            flight = holding is null ? _flight ?? TakeOff(ReasonIn(state), minimum) : LookFrom(state);
            if (
                isShort
                    ? holding is not null
                    : state == TokenState.Stale || (state == TokenState.Due && holding is { IsTransient: true })
            )
                return new ValueTask<AccessToken>(_held!.Token);
        }

        return flight is null
            ? Failed(holding!.ToException(_backOff.NextAttempt))
            : WaitAsync(flight, minimum, cancellationToken);
    }

    private static ValueTask<AccessToken> Failed(Exception exception) =>
        new(Task.FromException<AccessToken>(exception));

    private async ValueTask<AccessToken> WaitAsync(Flight flight, TimeSpan minimum, CancellationToken cancellationToken)
    {
        var renewal = cancellationToken.CanBeCanceled
            ? await flight.Landed.WaitAsync(cancellationToken).ConfigureAwait(false)
            : await flight.Landed.ConfigureAwait(false);

        if (ReferenceEquals(renewal, Renewal.NotFound))
            return await RenewOrWait(minimum, cancellationToken).ConfigureAwait(false);

        var held = Volatile.Read(ref _held);
        var isUsable = held is not null && held.State(_time) != TokenState.Expired;

        if (renewal.Held is not null)
            return isUsable ? held!.Token : await RenewOrWait(minimum, cancellationToken).ConfigureAwait(false); // rejected or expired since
        if (renewal.Failure is not { } failure)
            throw new ObjectDisposedException(ToString());

        // Due, too short, or restored from a store: the service still takes the old token.
        return (failure.IsTransient || minimum > TimeSpan.Zero) && isUsable ? held!.Token : throw failure.ToException();
    }

    // Called under _gate.
    private string ReasonIn(TokenState state) =>
        state <= TokenState.Stale ? RenewalReason.Early
        : state == TokenState.Due ? RenewalReason.Due
        : _wasRejected ? RenewalReason.Rejected
        : _known is null ? RenewalReason.First
        : RenewalReason.Expired;

    // Called under _gate. An endpoint whose tokens are all shorter is asked once for each token, not for each call.
    private bool IsShort(TimeSpan minimum) => minimum < _unmet && _held!.RemainingLife(_time) < minimum;

    // Called under _gate.
    private Flight TakeOff(string reason, TimeSpan minimum, bool isLook = false)
    {
        var flight = new Flight(reason, AcquireActivity.Cause, isInline: _launch is not null)
        {
            IsLook = isLook,
            Minimum = minimum,
        };
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
        var renewal = await (flight.IsLook ? LookAsync() : RenewAsync(flight)).ConfigureAwait(false);
        var isUnseen = false;

        _saving.Start(_lifetime);
        lock (_gate)
        {
            if (!ReferenceEquals(_flight, flight))
                return; // disposed meanwhile

            if (renewal.Held is { } held)
            {
                _known = new TokenRecord(held.Grant, held.RequestedAt);
                Volatile.Write(ref _held, held);
                _unmet = held.RemainingLife(_time) < flight.Minimum ? flight.Minimum : TimeSpan.MaxValue;
                _trouble = null;
                _isFailureLogged = false;
                _wasRejected = false;
            }
            else if (renewal.Failure is { } cause)
            {
                isUnseen = !_isFailureLogged && StillServes(cause);
                _isFailureLogged |= isUnseen;
                _trouble = new Trouble(_trouble?.Since ?? _time.GetUtcNow(), cause.Message);
            }

            if (flight.IsLook)
                _lookedAt = _time.GetTimestamp();
            _flight = null;
        }

        flight.Land(renewal);
        if (ReferenceEquals(renewal, Renewal.NotFound))
            return;

        Watchers.Tell(() => TokenMeter.Renewed(ProviderName, flight.Reason, renewal.Failure?.ErrorType));
        if (isUnseen)
            Watchers.Tell(() => LogRenewalFailed(_logger, ProviderName, renewal.Failure!.Message));
    }

    // Called under _gate. Callers get the old token and are told nothing.
    private bool StillServes(RenewalFailure failure) =>
        _held?.State(_time) switch
        {
            null or TokenState.Expired => false,
            TokenState.Due => failure.IsTransient,
            _ => true,
        };

    private async Task<Renewal> RenewAsync(Flight flight)
    {
        Activity? activity = null;
        try
        {
            Watchers.Tell(() => activity = AcquireActivity.Start(ProviderName, flight.Reason, flight.Cause));
            var renewal = await _backOff.RunAsync(RenewOnceAsync, _lifetime.Token).ConfigureAwait(false);
            Watchers.Tell(() => AcquireActivity.Describe(activity, renewal));

            return renewal;
        }
#pragma warning disable CA1031 // a flight that does not land would keep everybody waiting for ever; once disposed, nobody waits
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new Renewal(RenewalFailure.From(exception, ProviderName));
        }
        finally
        {
            Watchers.Tell(() => activity?.Dispose());
        }
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
            var ours = _known?.RequestedAt ?? _held?.RequestedAt; // with none known, the one that was restored

            return (ours is null || stored.RequestedAt > ours)
                && !_rejections.WasRejected(stored.Token)
                && !_renewal.WasReplaced(stored.Token)
                && stored.State(_time) <= TokenState.Stale;
        }
    }

    private void Restore(HeldToken stored)
    {
        lock (_gate)
            if (!_isDisposed && _held is null && _known is null && !_rejections.WasRejected(stored.Token))
                Volatile.Write(ref _held, stored);
    }

    private string? Fault(HeldToken held)
    {
        lock (_gate)
            if (_rejections.WasRejected(held.Token))
                return "that a service has refused before";

        return held.State(_time) == TokenState.Expired
            ? "that has expired already; check the lifetime that its source reads, and this machine's clock"
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
}
