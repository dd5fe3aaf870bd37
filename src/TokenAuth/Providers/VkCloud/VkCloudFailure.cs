namespace TokenAuth;

/// <summary>Why VK Cloud granted nothing, and what to do about it.</summary>
internal sealed class VkCloudFailure(VkCloudOptions options)
{
    public const string Unanswered =
        "VK Cloud may have granted the last request, but its response did not arrive, so the pauses grow to 15 minutes.";

    public TokenAcquisitionException SecretMissing(VkCloudTokenResponse? refusal) =>
        Because(
            $"Provider '{options.ProviderName}' must be authenticated again: VK Cloud refused its refresh token and no ClientSecret is set. Set "
                + $"{options.SettingPrefix}ClientSecret, or a new {options.SettingPrefix}RefreshToken.",
            refusal,
            errorCode: "invalid_grant"
        );

    public TokenAcquisitionException Refused(VkCloudTokenResponse response) =>
        Because(
            $"VK Cloud refused the client credentials of provider '{options.ProviderName}' ({Describe(response)}). Check ClientId and ClientSecret. If they are right, the "
                + $"project's {VkCloudTokenSource.RefreshTokensPerProject} refresh tokens may be used up: reuse one by setting RefreshToken, or use a service token, and keep "
                + "grants in a token store.",
            response
        );

    /// <param name="cause">Why the pause may be longer, as a sentence.</param>
    public TokenAcquisitionException Paced(TimeSpan wait, string? cause) =>
        new(
            $"Provider '{options.ProviderName}' asks VK Cloud for a new grant at most once a minute, because each one costs one of the project's "
                + $"{VkCloudTokenSource.RefreshTokensPerProject} refresh tokens; the next request is possible when RetryAfter has passed."
                + (cause is null ? "" : " " + cause)
        )
        {
            ProviderName = options.ProviderName,
            IsTransient = true,
            RetryAfter = RetryAfterValue.Clamp(wait),
            GrantType = VkCloudTokenEndpoint.ClientCredentialsGrant,
            ErrorType = ErrorKind.Paced,
        };

    /// <summary>Why a success was of no full use, as a sentence.</summary>
    public static string Cause(VkCloudTokenResponse response) =>
        $"VK Cloud's token endpoint {response.Fault ?? $"answered with an error ({Describe(response)})"}, so the pauses grow to 15 minutes.";

    /// <summary>The failure that a response without a grant is.</summary>
    public TokenAcquisitionException Of(VkCloudTokenResponse response) =>
        response.Verdict switch
        {
            VkCloudVerdict.Refused => Refused(response),
            VkCloudVerdict.Redirected => Because(
                $"VK Cloud's token endpoint redirects provider '{options.ProviderName}' elsewhere ({Describe(response)}), where the secret must not go. Check "
                    + $"{options.SettingPrefix}TokenEndpoint.",
                response
            ),
            VkCloudVerdict.Blocked => Because(
                $"A page came back in place of VK Cloud's response to provider '{options.ProviderName}' ({Describe(response)}), as a firewall or a proxy sends it. Check that requests "
                    + $"to {options.TokenEndpoint.Host} may pass. It is tried again.",
                response,
                isTransient: true
            ),
            VkCloudVerdict.Spoilt => Because(
                $"VK Cloud's token endpoint gave provider '{options.ProviderName}' an invalid response: it {response.Fault}. Check {options.SettingPrefix}TokenEndpoint.",
                response,
                isTransient: true
            ),
            _ => Because(
                $"VK Cloud's token endpoint failed for provider '{options.ProviderName}' ({Describe(response)}). It is tried again.",
                response,
                isTransient: true
            ),
        };

    private TokenAcquisitionException Because(
        string message,
        VkCloudTokenResponse? response,
        bool isTransient = false,
        string? errorCode = null
    ) =>
        new(message)
        {
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = response?.Reply.StatusCode,
            ErrorCode = response?.ErrorCode ?? errorCode,
            RetryAfter = response?.Reply.RetryAfter,
            GrantType = response?.Reply.GrantType,
        };

    private static string Describe(VkCloudTokenResponse response) =>
        response.ErrorCode is { } code
            ? $"{(int)response.Reply.StatusCode} {code}"
            : $"{(int)response.Reply.StatusCode}";
}
