using System.Diagnostics;

namespace TokenAuth;

/// <content>The way of a caller whose token is not fresh.</content>
public sealed partial class CachedTokenProvider
{
    private ValueTask<AccessToken> RenewOrWait(TimeSpan minimum, CancellationToken cancellationToken)
    {
        var heldBackBy = _backOff.HeldBackBy;
        var turn = Ask(minimum, heldBackBy);
        if (turn.Token is { } token)
            return new ValueTask<AccessToken>(token);

        return turn.Renewal is { } renewal
            ? WaitAsync(renewal, minimum, cancellationToken)
            : new ValueTask<AccessToken>(Task.FromException<AccessToken>(HeldBack(heldBackBy!)));
    }

    private Turn Ask(TimeSpan minimum, RenewalFailure? heldBackBy)
    {
        var mayReadStore = _store is { IsReadable: true }; // one whose reads fail would only make callers wait for its time limit
        var turn = _memory.Ask(minimum, heldBackBy, mayReadStore);
        if (turn.HasBegun)
            Start(turn.Renewal!);

        return turn;
    }

    private async ValueTask<AccessToken> WaitAsync(
        Renewal renewal,
        TimeSpan minimum,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var outcome = cancellationToken.CanBeCanceled
                ? await renewal.Completed.WaitAsync(cancellationToken).ConfigureAwait(false)
                : await renewal.Completed.ConfigureAwait(false);
            if (TokenAfter(outcome, minimum) is { } token)
                return token;

            var heldBackBy = _backOff.HeldBackBy;
            var turn = Ask(minimum, heldBackBy);
            if (turn.Token is { } served)
                return served;

            renewal = turn.Renewal ?? throw HeldBack(heldBackBy!);
        }
    }

    /// <summary>
    /// The token that serves after a renewal; null when the renewal succeeded and its token was rejected or expired since, or is a stored one that
    /// is too short for this caller.
    /// </summary>
    private AccessToken? TokenAfter(RenewalOutcome outcome, TimeSpan minimum)
    {
        var usable = _memory.Usable;

        return outcome switch
        {
            RenewalOutcome.Renewed { IsFromStore: true } when RemainingLife < minimum => null, // the renewal was begun for a caller who wanted less
            RenewalOutcome.Renewed => usable,
            RenewalOutcome.Withheld => null, // a probe's: a caller's own renewal may do more
            RenewalOutcome.Failed { Failure: var failure } => Served(failure) ?? throw failure.ToException(),
            RenewalOutcome.HeldBack { Cause: var cause } => Served(cause) ?? throw HeldBack(cause),
            _ => throw new ObjectDisposedException(
                ToString(),
                $"Token provider '{ProviderName}' is disposed and hands out no more tokens. One of a container ends with the container: use it no "
                    + "longer than that, and dispose none of them yourself."
            ),
        };

        // Due, too short, or restored from a store: the service still takes the old token.
        AccessToken? Served(RenewalFailure failure) => failure.IsTransient || minimum > TimeSpan.Zero ? usable : null;
    }

    private TokenAcquisitionException HeldBack(RenewalFailure cause) => cause.ToException(_backOff.NextAttempt);

    private void Start(Renewal renewal)
    {
        if (_launch is not null)
            _launch(() => renewal.Running = RenewAsync(renewal));
        else
            // No caller's ExecutionContext, Activity or SynchronizationContext goes with work that serves many.
            ThreadPool.UnsafeQueueUserWorkItem(
                static state =>
                {
                    var (provider, renewal) = ((CachedTokenProvider, Renewal))state!;
                    renewal.Running = provider.RenewAsync(renewal);
                },
                (this, renewal)
            );
    }

    private async Task RenewAsync(Renewal renewal)
    {
        Activity? activity = null;
        if (_backOff.HeldBackBy is null) // otherwise the renewal only reads the store, which is no trace of its own
            TelemetryGuard.Emit(() => activity = AcquireActivity.Start(ProviderName, renewal.Reason, renewal.Cause));
        var outcome = await _renewer.RenewAsync(renewal, _ended).ConfigureAwait(false);
        TelemetryGuard.Emit(() => AcquireActivity.Describe(activity, outcome.GrantType, outcome.ErrorType));
        TelemetryGuard.Emit(() => activity?.Dispose());

        if (_memory.Pending is not null)
            Saving?.Start(_ended);
        if (!_memory.Complete(renewal, outcome, out var isToBeLogged))
            return; // disposed meanwhile

        renewal.Complete(outcome);
        if (outcome is RenewalOutcome.HeldBack or RenewalOutcome.Withheld)
            return; // nothing was tried, or less than a renewal

        TelemetryGuard.Emit(() => TokenMeter.Renewed(ProviderName, renewal.Reason, outcome.ErrorType));
        if (isToBeLogged && outcome is RenewalOutcome.Failed { Failure: var failure })
            TelemetryGuard.Emit(() => LogRenewalFailed(_logger, ProviderName, failure.Message));
    }
}
