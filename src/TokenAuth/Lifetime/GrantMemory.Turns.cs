namespace TokenAuth;

/// <content>Says what a caller gets: a token, a renewal to wait for, or nothing for now.</content>
internal sealed partial class GrantMemory
{
    /// <summary>Serves a caller, and begins a renewal where one is needed and none runs.</summary>
    /// <param name="minimum">The life that the caller wants left.</param>
    /// <param name="heldBackBy">The failure since which the vendor is to be left alone; null when it may be asked.</param>
    /// <param name="mayReadStore">Whether there is a store whose reads work, so that a renewal is of use although the vendor is left alone.</param>
    public Turn Ask(TimeSpan minimum, RenewalFailure? heldBackBy, bool mayReadStore)
    {
        lock (_gate)
        {
            if (_state is GrantState.Ended)
                return new Turn(Token: null, EndedRenewal(), HasBegun: false);

            var held = _state.Serving;
            var state = held?.State(time) ?? TokenState.Expired;
            var isShort = state != TokenState.Expired && IsShort_NeedsLock(held!, minimum);
            if (state == TokenState.Fresh && !isShort)
                return new Turn(held!.Token, Renewal: null, HasBegun: false);

            var mayBegin = heldBackBy is null || (mayReadStore && state > TokenState.Stale && IsTimeToRead_NeedsLock());
            var hasBegun = _renewal is null && mayBegin;
            if (hasBegun)
                _renewal = new Renewal(
                    Reason_NeedsLock(state),
                    _state.Known,
                    heldBackBy is null ? minimum : TimeSpan.Zero,
                    isInline: options.Launch is not null
                );

            var isServed = isShort
                ? heldBackBy is not null
                : state == TokenState.Stale || (state == TokenState.Due && heldBackBy is { IsTransient: true });

            return new Turn(isServed ? held!.Token : null, _renewal, hasBegun);
        }
    }

    /// <summary>The renewal that asks the vendor whatever there is: the one that runs, or a new one.</summary>
    /// <param name="isSparing">Whether no grant may be asked for that costs something.</param>
    public Turn AskAnew(bool isSparing)
    {
        lock (_gate)
        {
            if (_state is GrantState.Ended)
                return new Turn(Token: null, EndedRenewal(), HasBegun: false);

            var hasBegun = _renewal is null;
            _renewal ??= new Renewal(
                RenewalReason.Probe,
                _state.Known,
                TimeSpan.Zero,
                isInline: options.Launch is not null
            )
            {
                IsProbe = true,
                IsSparing = isSparing,
            };

            return new Turn(Token: null, _renewal, hasBegun);
        }
    }

    private static Renewal EndedRenewal()
    {
        var renewal = new Renewal(RenewalReason.Expired, known: null, TimeSpan.Zero, isInline: true);
        renewal.Complete(new RenewalOutcome.Ended());

        return renewal;
    }

    // A source whose tokens are all shorter is asked once for each token, not for each call.
    private bool IsShort_NeedsLock(HeldToken held, TimeSpan minimum) =>
        held.RemainingLife(time) < minimum && !(_state is GrantState.Obtained { Unmet: { } unmet } && unmet <= minimum);

    private bool IsTimeToRead_NeedsLock() => time.GetTimestamp() >= _readsFrom;

    private string Reason_NeedsLock(TokenState state) =>
        state <= TokenState.Stale ? RenewalReason.Early
        : state == TokenState.Due ? RenewalReason.Due
        : _state is GrantState.Lost { WasRefused: true } ? RenewalReason.Rejected
        : _state.Known is null ? RenewalReason.First
        : RenewalReason.Expired;
}
