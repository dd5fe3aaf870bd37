namespace TokenAuth;

/// <summary>Explains why VK Cloud granted nothing, and what to do about it.</summary>
internal sealed class VkCloudFailure(VkCloudOptions options)
{
    public const string Unanswered =
        "VK Cloud may have granted the last request, but its response did not arrive, so the pauses grow to 15 minutes.";

    private const string TriedAgain = " The next call tries again.";

    public TokenAcquisitionException SecretMissing(VkCloudTokenResponse? refusal) =>
        Because(
            new Explanation(
                VkCloudHelp.ReauthenticationRequired,
                $"Provider '{options.ProviderName}' must be authenticated again: VK Cloud refused its refresh token and no ClientSecret is set.",
                $"Set {options.SettingPrefix}ClientSecret, or a new {options.SettingPrefix}RefreshToken."
            ),
            refusal
        );

    public TokenAcquisitionException Refused(VkCloudTokenResponse response) =>
        Because(
            new Explanation(
                IsLimit(response) ? VkCloudHelp.RefreshTokensUsedUp : VkCloudHelp.CredentialsRefused,
                $"VK Cloud refused the client credentials of provider '{options.ProviderName}' ({Describe(response)}).",
                "Check ClientId and ClientSecret. If they are right, the "
                    + $"project's {VkCloudTokenSource.RefreshTokensPerProject} refresh tokens may be used up: reuse one by setting RefreshToken, or use a service token, and keep "
                    + "grants in a token store."
            ),
            response
        );

    /// <summary>A probe found nothing to renew with.</summary>
    public TokenAcquisitionException NotAsked() =>
        Withheld(
            new Explanation(
                VkCloudHelp.NotAsked,
                $"VK Cloud was not asked: no refresh token of provider '{options.ProviderName}' is known, and a new grant costs one of the project's "
                    + $"{VkCloudTokenSource.RefreshTokensPerProject} refresh tokens.",
                "Probe with MaySpendRefreshToken to try ClientId and ClientSecret, with a token store to keep what comes."
            ),
            refusal: null
        );

    /// <summary>A probe found a dead refresh token, and left it there.</summary>
    public TokenAcquisitionException RefreshTokenRefused(VkCloudTokenResponse refusal) =>
        Withheld(
            new Explanation(
                VkCloudHelp.RefreshTokenRefused,
                $"VK Cloud refused the refresh token of provider '{options.ProviderName}' ({Describe(refusal)}); ClientId and ClientSecret were not tried, because a new grant costs "
                    + $"one of the project's {VkCloudTokenSource.RefreshTokensPerProject} refresh tokens.",
                "The next renewal tries them once by itself. Set a RefreshToken that works, or probe with MaySpendRefreshToken."
            ),
            refusal
        );

    /// <param name="cause">Why the pause may be longer, as a sentence.</param>
    public TokenAcquisitionException Paced(TimeSpan wait, string? cause)
    {
        var explanation = new Explanation(
            VkCloudHelp.Paced,
            $"Provider '{options.ProviderName}' asks VK Cloud for a new grant at most once a minute, because each one costs one of the project's "
                + $"{VkCloudTokenSource.RefreshTokensPerProject} refresh tokens; the next request is possible when RetryAfter has passed."
                + (cause is null ? "" : " " + cause),
            "Wait, and keep grants in a token store, so that a start asks for none."
        );

        return new TokenAcquisitionException(explanation.Seen)
        {
            Explanation = explanation,
            ProviderName = options.ProviderName,
            IsTransient = true,
            RetryAfter = RetryAfterValue.Clamp(wait),
            GrantType = VkCloudTokenEndpoint.ClientCredentialsGrant,
            ErrorType = ErrorKind.Paced,
        };
    }

    /// <summary>The reason why a success was not of full use, as a sentence.</summary>
    public static string Cause(VkCloudTokenResponse response) =>
        $"VK Cloud's token endpoint {response.Error ?? $"answered with an error ({Describe(response)})"}, so the pauses grow to 15 minutes.";

    /// <summary>The failure that a response without a grant is.</summary>
    public TokenAcquisitionException Of(VkCloudTokenResponse response) =>
        response.Verdict switch
        {
            VkCloudVerdict.Refused => Refused(response),
            VkCloudVerdict.Redirected => Because(
                new Explanation(
                    EndpointHelp.Redirected,
                    $"VK Cloud's token endpoint redirects provider '{options.ProviderName}' elsewhere ({Describe(response)}), where the secret must not go.",
                    $"Check {options.SettingPrefix}TokenEndpoint."
                ),
                response
            ),
            VkCloudVerdict.Blocked => Blocked(response),
            VkCloudVerdict.Spoilt or VkCloudVerdict.Doubtful => Because(
                new Explanation(
                    response.Raw.IsApiResponse ? VkCloudHelp.InvalidResponse : EndpointHelp.FirewallPage,
                    $"VK Cloud's token endpoint gave provider '{options.ProviderName}' an invalid response: it {response.Error}.",
                    $"Check {options.SettingPrefix}TokenEndpoint."
                ),
                response,
                isTransient: true
            ),
            _ => Failed(response),
        };

    private TokenAcquisitionException Blocked(VkCloudTokenResponse response)
    {
        var explanation = new Explanation(
            EndpointHelp.FirewallPage,
            $"A page came back in place of VK Cloud's response to provider '{options.ProviderName}' ({Describe(response)}), as a firewall or a proxy sends it.",
            $"Check that requests to {options.TokenEndpoint.Host} may pass."
        );

        return Because(explanation, response, explanation + TriedAgain, isTransient: true);
    }

    private TokenAcquisitionException Failed(VkCloudTokenResponse response)
    {
        var explanation = new Explanation(
            IsLimit(response) ? VkCloudHelp.RefreshTokensUsedUp : EndpointHelp.Of(response.Raw),
            $"VK Cloud's token endpoint failed for provider '{options.ProviderName}' ({Describe(response)}).",
            "Wait, and look at the state of the service; a service token bridges a long outage."
        );

        return Because(explanation, response, explanation.Seen + TriedAgain, isTransient: true);
    }

    // VK Cloud documents no word for it.
    private static bool IsLimit(VkCloudTokenResponse response) =>
        response is { ErrorCode: { } code, Raw.GrantType: VkCloudTokenEndpoint.ClientCredentialsGrant }
        && code.AsSpan().Contains("limit".AsSpan(), StringComparison.OrdinalIgnoreCase)
        && !code.AsSpan().Contains("rate".AsSpan(), StringComparison.OrdinalIgnoreCase);

    private TokenAcquisitionException Withheld(Explanation explanation, VkCloudTokenResponse? refusal) =>
        new(explanation.ToString())
        {
            Explanation = explanation,
            ProviderName = options.ProviderName,
            StatusCode = refusal?.Raw.StatusCode,
            ErrorCode = refusal?.ErrorCode,
            GrantType = refusal?.Raw.GrantType,
            IsWithheld = true,
        };

    /// <param name="response">Null where the refusal is an earlier one.</param>
    /// <param name="message">Unless it is the explanation.</param>
    private TokenAcquisitionException Because(
        Explanation explanation,
        VkCloudTokenResponse? response,
        string? message = null,
        bool isTransient = false
    ) =>
        new(message ?? explanation.ToString())
        {
            Explanation = explanation,
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = response?.Raw.StatusCode,
            ErrorCode = response?.ErrorCode ?? NoSecretCode(explanation),
            RetryAfter = response?.Raw.RetryAfter,
            GrantType = response?.Raw.GrantType,
        };

    private static string? NoSecretCode(Explanation explanation) =>
        explanation.Code == VkCloudHelp.ReauthenticationRequired ? "invalid_grant" : null;

    private static string Describe(VkCloudTokenResponse response) =>
        response.ErrorCode is { } code ? $"{(int)response.Raw.StatusCode} {code}" : $"{(int)response.Raw.StatusCode}";
}
