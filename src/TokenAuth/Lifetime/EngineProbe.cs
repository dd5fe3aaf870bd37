namespace TokenAuth;

/// <summary>A probe by the ordinary renewal, which other callers and processes share.</summary>
internal sealed class EngineProbe(CachedTokenProvider engine)
{
    /// <param name="isSparing">Whether no grant may be asked for that costs something.</param>
    /// <param name="more">Adds what the vendor's provider finds, given the grant; null when none came.</param>
    public async Task<TokenProbeReport> RunAsync(
        bool isSparing,
        Func<TokenGrant?, IEnumerable<TokenFinding>> more,
        CancellationToken cancellationToken
    )
    {
        var start = engine.Time.GetTimestamp();

        var outcome = await engine.RenewNowAsync(isSparing, cancellationToken).ConfigureAwait(false);
        var grant = (outcome as RenewalOutcome.Renewed)?.Held.Grant;

        return new TokenProbeReport([.. Findings(outcome), .. more(grant)])
        {
            Works = grant is not null,
            ExpiresAt = grant?.AccessToken.ExpiresAt,
            Duration = engine.Time.GetElapsedTime(start),
        };
    }

    private IEnumerable<TokenFinding> Findings(RenewalOutcome outcome) =>
        outcome switch
        {
            RenewalOutcome.Failed { Failure: var failure } => [failure.ToExplanation().ToFinding()],
            RenewalOutcome.HeldBack { Cause: var cause } => [HeldBack(), cause.ToExplanation().ToFinding()],
            RenewalOutcome.Withheld { Cause: var cause } =>
            [
                cause
                    .ToExplanation()
                    .ToFinding(
                        cause.StatusCode is null ? TokenFindingSeverity.Information : TokenFindingSeverity.Error
                    ),
            ],
            _ => [],
        };

    private TokenFinding HeldBack() =>
        new(
            EngineHelp.HeldBack,
            TokenFindingSeverity.Information,
            $"The token endpoint of provider '{engine.ProviderName}' was not asked: it failed a moment ago, and is left alone for a while.",
            "Probe again later; the other finding is that failure."
        );
}
