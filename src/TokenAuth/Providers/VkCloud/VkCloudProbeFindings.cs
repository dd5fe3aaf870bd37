using System.Globalization;

namespace TokenAuth;

/// <summary>The findings about VK Cloud's settings, grants and refusals, which a probe reports beside the renewal's own failure.</summary>
internal sealed class VkCloudProbeFindings(VkCloudOptions options)
{
    /// <summary>The other service's client id in the secret's place. A secret itself says nothing of its service.</summary>
    public IEnumerable<TokenFinding> Pair()
    {
        if (
            ServiceOf(options.ClientId) is not { } service
            || ServiceOf(options.ClientSecret) is not { } other
            || service == other
        )
            yield break;

        yield return new TokenFinding(
            VkCloudHelp.OtherService,
            TokenFindingSeverity.Error,
            $"The ClientSecret of provider '{options.ProviderName}' is written like a client id of VK Cloud {other}, and its ClientId is that of {service}.",
            "Copy ClientId and ClientSecret from the same page of the console, each from its own field: Vision and Voice have a pair each."
        );
    }

    public IEnumerable<TokenFinding> Grant(TokenGrant? grant)
    {
        if (grant is not { GrantType: VkCloudTokenEndpoint.ClientCredentialsGrant })
            yield break;

        if (grant.FollowsRefusal)
            yield return new TokenFinding(
                VkCloudHelp.RefreshTokenRefused,
                TokenFindingSeverity.Warning,
                $"VK Cloud refused the refresh token of provider '{options.ProviderName}' and granted a new one.",
                "Set the new one wherever the old one is written down, or leave RefreshToken out and keep grants in a token store."
            );
        yield return new TokenFinding(
            VkCloudHelp.RefreshTokenSpent,
            TokenFindingSeverity.Information,
            $"VK Cloud made a new grant for provider '{options.ProviderName}', which takes one of the project's {VkCloudTokenSource.RefreshTokensPerProject} refresh tokens.",
            "Keep grants in a token store, so that the next start takes none."
        );
    }

    public static TokenFinding ServiceNotCalled() =>
        new(
            VkCloudHelp.ServiceNotCalled,
            TokenFindingSeverity.Information,
            "The service was not called: VK Cloud has no call that costs nothing.",
            "Send the service a request of the application; a probe after it reports how it was refused."
        );

    /// <summary>The finding about the last refusal that a handler saw.</summary>
    public IEnumerable<TokenFinding> Refusal(VkCloudRefusals.Refusal? last)
    {
        if (last is null)
            yield break;

        var (what, remedy) =
            last.Code == VkCloudHelp.Voice4048
                ? (
                    "Voice refused a token with 400 and code 4048",
                    "The token was invalid or expired; the handler renews it. If it lasts, check that ClientId is that of Voice."
                )
            : last.Code == VkCloudHelp.Voice4049
                ? (
                    "Voice refused a request with 400 and code 4049",
                    "The project is not active: look at its state and its balance in the console."
                )
            : last.Code == VkCloudHelp.Forbidden
                ? (
                    "A service refused a request with 403",
                    "The token lacks the scope: use the ClientId of the service that is called, and check that the project has it switched on."
                )
            : last.Code == VkCloudHelp.VisionEnvelope
                ? (
                    "Vision refused a token with 401 inside its envelope",
                    "The token was invalid or expired; the handler renews it. If it lasts, check that ClientId is that of Vision."
                )
            : (
                "A service refused a token with 401",
                "The token was invalid or expired; the handler renews it. If it lasts, check that ClientId is that of the service that is called."
            );

        yield return new TokenFinding(
            last.Code,
            TokenFindingSeverity.Warning,
            $"{what} of provider '{options.ProviderName}' at {last.At.ToString("u", CultureInfo.InvariantCulture)}.",
            remedy
        );
    }

    private static string? ServiceOf(string? text) =>
        text is null ? null
        : text.AsSpan().Contains(".voice.".AsSpan(), StringComparison.OrdinalIgnoreCase) ? "Voice"
        : text.AsSpan().Contains(".vision.".AsSpan(), StringComparison.OrdinalIgnoreCase) ? "Vision"
        : null;
}
