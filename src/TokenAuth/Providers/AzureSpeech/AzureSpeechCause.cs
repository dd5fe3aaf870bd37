namespace TokenAuth;

/// <summary>
/// Tells a refusal's causes apart by Azure's own words, where it has some: most causes share a status. The words are compared and never shown.
/// </summary>
internal static class AzureSpeechCause
{
    private static readonly (string Words, HelpCode Code)[] _known =
    [
        ("AuthenticationTypeDisabled", AzureSpeechHelp.KeysSwitchedOff),
        ("Key based authentication is disabled", AzureSpeechHelp.KeysSwitchedOff),
        ("Virtual Network/Firewall rules", AzureSpeechHelp.NetworkRules),
        ("Public access is disabled", AzureSpeechHelp.NetworkRules),
        ("quota", AzureSpeechHelp.QuotaUsedUp),
    ];

    /// <summary>The cause that the response names; null when it names none.</summary>
    public static HelpCode? Of(TokenEndpointResponse response) =>
        response is { IsApiResponse: true, Text: { } text }
            ? _known
                .FirstOrDefault(known =>
                    text.AsSpan().Contains(known.Words.AsSpan(), StringComparison.OrdinalIgnoreCase)
                )
                .Code
            : null;
}
