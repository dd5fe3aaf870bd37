namespace TokenAuth;

/// <content>Does it work?</content>
public static partial class TokenProviderExtensions
{
    /// <summary>
    /// Asks the token endpoint once, whatever is cached, and returns findings: what the probe saw and what to do. The token in use stays in use.
    /// The method does not throw when a vendor or a network fails.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Azure Speech: one attempt of at most 5 seconds with <c>SubscriptionKey</c>, and one with <c>SecondaryKey</c> if Azure refuses the first. The
    /// probe tries no other region.
    /// </para>
    /// <para>
    /// Microsoft Entra (package TokenAuth.Azure): the ordinary renewal, which asks the credential. The credential gives a token whether or not its
    /// principal has a role at the resource. <see cref="TokenProbeOptions.CallService"/> tests the role.
    /// </para>
    /// <para>
    /// VK Cloud: the ordinary renewal with the known refresh token, which other callers and processes share; the provider keeps and stores the
    /// grant. The probe asks for a new grant only with <see cref="TokenProbeOptions.MaySpendRefreshToken"/>.
    /// </para>
    /// <para>A static token, a subscription key alone, and an application's own provider report that there is nothing to ask.</para>
    /// <para><c>docs/troubleshooting.md</c> explains the codes of the findings.</para>
    /// </remarks>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    /// <exception cref="ObjectDisposedException">The provider is disposed.</exception>
    public static Task<TokenProbeReport> ProbeAsync(
        this ITokenProvider provider,
        TokenProbeOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));

        cancellationToken.ThrowIfCancellationRequested();

        return provider is IProbedProvider probed
            ? ReportAsync(probed, options ?? new TokenProbeOptions(), cancellationToken)
            : Task.FromResult(NothingToAsk(provider));
    }

    private static async Task<TokenProbeReport> ReportAsync(
        IProbedProvider provider,
        TokenProbeOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await provider.ProbeAsync(options, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // an application's HttpClient may throw anything
        catch (Exception exception)
            when (exception is not ObjectDisposedException && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new TokenProbeReport([
                RenewalFailure.From(exception, provider.GetType().Name).ToExplanation().ToFinding(),
            ]);
        }
    }

    private static TokenProbeReport NothingToAsk(ITokenProvider provider) =>
        new([
            new TokenFinding(
                EngineHelp.NothingToAsk,
                TokenFindingSeverity.Information,
                $"{provider.GetType().Name} has no token endpoint that TokenAuth knows, so there was nothing to ask.",
                "Call the service itself to see whether it takes this credential."
            ),
        ]);
}
