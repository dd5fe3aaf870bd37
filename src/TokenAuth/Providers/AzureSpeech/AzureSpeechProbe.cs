namespace TokenAuth;

/// <summary>
/// Asks <c>issueToken</c> once, past everything that is cached: the token in use stays in use, and no key is marked. No other region is
/// tried: that would spread the key.
/// </summary>
internal sealed class AzureSpeechProbe(
    AzureSpeechOptions options,
    AzureSpeechResource resource,
    AzureSpeechTokenEndpoint endpoint,
    AzureSpeechVoices voices,
    TimeProvider time
)
{
    private readonly AzureSpeechFailure _failure = new(options, resource.TokenAddress);
    private readonly AzureSpeechProbeFindings _found = new(options, resource);

    /// <param name="inUse">The token in use, whose claims may tell the resource's region; null when there is none.</param>
    public async Task<TokenProbeReport> RunAsync(
        TokenProbeOptions request,
        AccessToken? inUse,
        CancellationToken cancellationToken
    )
    {
        var start = time.GetTimestamp();
        var findings = new List<TokenFinding>();

        var granted = await AskAsync(inUse, findings, cancellationToken).ConfigureAwait(false);
        if (granted is not null && request.CallService)
            findings.AddRange(await voices.FindAsync(granted, cancellationToken).ConfigureAwait(false));

        return new TokenProbeReport(findings)
        {
            Works = granted is not null,
            ExpiresAt = granted?.ExpiresAt,
            Duration = time.GetElapsedTime(start),
        };
    }

    private async Task<AccessToken?> AskAsync(
        AccessToken? inUse,
        List<TokenFinding> findings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var first = await SendAsync(options.SubscriptionKey, inUse, cancellationToken).ConfigureAwait(false);
            if (!AzureSpeechTokenEndpoint.IsRefusal(first))
                return Granted(first, findings);
            if (string.IsNullOrEmpty(options.SecondaryKey))
                return Refused(_failure.KeyRefused(first), first, inUse, findings);

            var second = await SendAsync(options.SecondaryKey!, inUse, cancellationToken).ConfigureAwait(false);
            if (AzureSpeechTokenEndpoint.IsRefusal(second))
                return Refused(_failure.KeysRefused(second), second, inUse, findings);

            var granted = Granted(second, findings);
            if (granted is not null)
                findings.Add(_found.OneKeyRefused(first, granted));

            return granted;
        }
        catch (TokenAcquisitionException exception) when (exception.Explanation is { } explanation)
        {
            findings.Add(explanation.ToFinding());

            return null;
        }
    }

    private Task<TokenEndpointResponse> SendAsync(
        string key,
        AccessToken? inUse,
        CancellationToken cancellationToken
    ) => endpoint.SendAsync(new AccessToken(key), inUse, mayRepeat: false, cancellationToken);

    private AccessToken? Refused(
        TokenAcquisitionException failure,
        TokenEndpointResponse response,
        AccessToken? inUse,
        List<TokenFinding> findings
    )
    {
        findings.Add(AzureSpeechProbeFindings.Refused(failure.Explanation!, inUse));
        findings.AddRange(_found.Clock(response, token: null));

        return null;
    }

    private AccessToken? Granted(TokenEndpointResponse response, List<TokenFinding> findings)
    {
        var failure =
            !response.IsSuccess ? _failure.Of(response)
            : (response.TextError ?? AzureSpeechToken.Error(response.Text)) is { } error
                ? _failure.Invalid(response, error)
            : null;
        if (failure is not null)
            findings.Add(failure.Explanation!.ToFinding());

        var jwt = failure is null ? response.Text! : null;
        findings.AddRange(_found.Clock(response, jwt));
        if (jwt is null)
            return null;

        findings.AddRange(_found.Region(jwt));

        return new AccessToken(jwt, AzureSpeechTokenReader.ExpiryOf(AzureSpeechToken.ExpiresAt(jwt), response.SentAt));
    }
}
