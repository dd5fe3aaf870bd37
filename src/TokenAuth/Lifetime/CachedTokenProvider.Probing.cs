namespace TokenAuth;

/// <content>The way of a probe.</content>
public sealed partial class CachedTokenProvider
{
    /// <summary>Asks the vendor in the common renewal, whatever is cached.</summary>
    /// <param name="isSparing">Whether no grant may be asked for that costs something.</param>
    internal async Task<RenewalOutcome> RenewNowAsync(bool isSparing, CancellationToken cancellationToken)
    {
        while (true)
        {
            var turn = _memory.AskAnew(isSparing);
            if (turn.HasBegun)
                Start(turn.Renewal!);

            var outcome = await turn.Renewal!.Completed.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (outcome is RenewalOutcome.Ended)
                throw new ObjectDisposedException(ToString());
            if (turn.HasBegun || !IsTooLittle(outcome, isSparing))
                return outcome;
        }
    }

    // Another's renewal took a token of the store, or left out what this probe may do.
    private static bool IsTooLittle(RenewalOutcome outcome, bool isSparing) =>
        outcome is RenewalOutcome.Renewed { IsFromStore: true } || (outcome is RenewalOutcome.Withheld && !isSparing);
}
