namespace TokenAuth;

/// <summary>The findings about a token or a refusal of Azure Speech, which a probe reports beside the failure itself.</summary>
internal sealed class AzureSpeechProbeFindings(AzureSpeechOptions options, AzureSpeechResource resource)
{
    private string Host => resource.TokenAddress.Host;

    /// <summary>A refusal, with the region that an earlier token of the same settings names.</summary>
    public static TokenFinding Refused(Explanation refusal, AccessToken? inUse) =>
        (
            inUse is not null && AzureSpeechToken.Region(inUse.Value) is { } region
                ? refusal with
                {
                    Seen = $"{refusal.Seen} The token in use, which was issued earlier, names the region '{region}'.",
                }
                : refusal
        ).ToFinding();

    public TokenFinding OneKeyRefused(TokenEndpointResponse refusal, AccessToken granted) =>
        new(
            AzureSpeechHelp.OneKeyRefused,
            TokenFindingSeverity.Warning,
            $"Azure Speech refused the SubscriptionKey of provider '{options.ProviderName}' at {Host} ({(int)refusal.StatusCode}) and accepted its SecondaryKey"
                + (
                    AzureSpeechToken.Region(granted.Value) is { } region
                        ? $", whose token names the region '{region}'."
                        : "."
                ),
            $"Set {options.SettingPrefix}SubscriptionKey to the resource's key as it is now: when the other key is regenerated too, no token can be had."
        );

    /// <summary>A clock that is wrong, by the header <c>Date</c> or else by the token's <c>exp</c>; nothing when it is right.</summary>
    public IEnumerable<TokenFinding> Clock(TokenEndpointResponse response, string? token)
    {
        var tolerated = AzureSpeechTokenReader.ToleratedClockDifference;
        if (response.ClockDifference is { } byDate && byDate.Duration() > tolerated)
            yield return ClockOff(byDate, $"the time of {Host}'s response");
        else if (
            token is not null
            && AzureSpeechToken.ExpiresAt(token) is { } exp
            && response.SentAt + AzureSpeechTokenReader.DocumentedLife - exp is var byExp
            && byExp.Duration() > tolerated
        )
            yield return ClockOff(byExp, "the expiry of the token that was issued");
    }

    /// <summary>A region in the settings that is not the resource's; nothing where the token names none, or the same.</summary>
    public IEnumerable<TokenFinding> Region(string token)
    {
        if (
            AzureSpeechToken.Region(token) is not { } named
            || resource.Region is not { } set
            || string.Equals(named, set, StringComparison.Ordinal)
        )
            yield break;

        yield return new TokenFinding(
            AzureSpeechHelp.OtherRegion,
            TokenFindingSeverity.Warning,
            $"The token that {Host} issued to provider '{options.ProviderName}' names the region '{named}', and the settings say '{set}'.",
            $"Set {options.SettingPrefix}Region to '{named}': the hosts of '{set}' refuse the token."
        );
    }

    private static TokenFinding ClockOff(TimeSpan difference, string against) =>
        new(
            EndpointHelp.ClockOff,
            TokenFindingSeverity.Warning,
            $"By {against}, this machine's clock is {difference.Duration().TotalMinutes:0} minutes {(difference > TimeSpan.Zero ? "ahead" : "behind")}.",
            "Check the machine's time synchronization (NTP)."
        );
}
