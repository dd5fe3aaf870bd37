namespace TokenAuth;

/// <summary>A probe with Microsoft Entra: the ordinary renewal, and one harmless call of the service where that is wanted.</summary>
internal sealed class AzureSpeechEntraProbe(CachedTokenProvider engine, EntraServiceCall service)
{
    private readonly EngineProbe _renewal = new(engine);

    public async Task<TokenProbeReport> RunAsync(TokenProbeOptions request, CancellationToken cancellationToken)
    {
        AccessToken? granted = null;
        var report = await _renewal
            .RunAsync(
                isSparing: false,
                grant =>
                {
                    granted = grant?.AccessToken;
                    return [];
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        if (granted is null || !request.CallService)
            return report;

        var start = engine.Time.GetTimestamp();
        var found = await service.FindAsync(granted, cancellationToken).ConfigureAwait(false);

        return new TokenProbeReport([.. report.Findings, .. found])
        {
            Works = report.Works,
            ExpiresAt = report.ExpiresAt,
            Duration = report.Duration + engine.Time.GetElapsedTime(start),
        };
    }
}
