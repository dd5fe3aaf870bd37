namespace TokenAuth;

/// <summary>A probe of VK Cloud: the ordinary renewal, which asks for a new grant only where it may, and what is known besides.</summary>
internal sealed class VkCloudProbe(VkCloudOptions options, CachedTokenProvider engine, VkCloudRefusals refusals)
{
    private readonly EngineProbe _renewal = new(engine);
    private readonly VkCloudProbeFindings _found = new(options);

    public Task<TokenProbeReport> RunAsync(TokenProbeOptions request, CancellationToken cancellationToken) =>
        _renewal.RunAsync(
            isSparing: !request.MaySpendRefreshToken,
            grant =>
                [
                    .. _found.Pair(),
                    .. _found.Grant(grant),
                    .. request.CallService ? [VkCloudProbeFindings.ServiceNotCalled()] : Array.Empty<TokenFinding>(),
                    .. _found.Refusal(refusals.Last),
                ],
            cancellationToken
        );
}
