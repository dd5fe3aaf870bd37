namespace TokenAuth;

/// <summary>Why VK Cloud granted nothing, and what to do about it.</summary>
internal sealed class VkCloudFailure(VkCloudOptions options)
{
    public TokenAcquisitionException SecretMissing(TokenEndpointReply? refusal) =>
        Of(
            $"Provider '{options.ProviderName}' must be authenticated again: VK Cloud refused its refresh token and no ClientSecret is set. Set "
                + $"{options.SettingPrefix}ClientSecret, or a new {options.SettingPrefix}RefreshToken.",
            refusal,
            errorCode: "invalid_grant"
        );

    public TokenAcquisitionException Refused(TokenEndpointReply reply) =>
        Of(
            $"VK Cloud refused the client credentials of provider '{options.ProviderName}' ({Describe(reply)}). Check ClientId and ClientSecret. If they are right, the "
                + $"project's {VkCloudTokenSource.RefreshTokensPerProject} refresh tokens may be used up: reuse one by setting RefreshToken, or use a service token, and keep "
                + "grants in a token store.",
            reply
        );

    public TokenAcquisitionException Paced(TimeSpan wait) =>
        new(
            $"Provider '{options.ProviderName}' asks VK Cloud for a new grant at most once a minute, because each one costs one of the project's "
                + $"{VkCloudTokenSource.RefreshTokensPerProject} refresh tokens; the next request is possible when RetryAfter has passed."
        )
        {
            ProviderName = options.ProviderName,
            IsTransient = true,
            RetryAfter = RetryAfterValue.Clamp(wait),
            GrantType = VkCloudTokenSource.ClientCredentialsGrant,
            ErrorType = ErrorKind.Paced,
        };

    public TokenAcquisitionException Redirected(TokenEndpointReply reply) =>
        Of(
            $"VK Cloud's token endpoint redirects provider '{options.ProviderName}' elsewhere ({Describe(reply)}), where the secret must not go. Check "
                + $"{options.SettingPrefix}TokenEndpoint.",
            reply
        );

    public TokenAcquisitionException Failed(TokenEndpointReply reply) =>
        Of(
            $"VK Cloud's token endpoint failed for provider '{options.ProviderName}' ({Describe(reply)}). It is tried again.",
            reply,
            isTransient: true
        );

    /// <param name="fault">The rest of a sentence.</param>
    public TokenAcquisitionException Invalid(TokenEndpointReply reply, string? fault) =>
        Of(
            $"VK Cloud's token endpoint gave provider '{options.ProviderName}' an invalid response: it {fault}. Check {options.SettingPrefix}TokenEndpoint.",
            reply,
            isTransient: true
        );

    private TokenAcquisitionException Of(
        string message,
        TokenEndpointReply? reply,
        bool isTransient = false,
        string? errorCode = null
    ) =>
        new(message)
        {
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = reply?.StatusCode,
            ErrorCode = reply?.ErrorCode ?? errorCode,
            RetryAfter = reply?.RetryAfter,
            GrantType = reply?.GrantType,
        };

    private static string Describe(TokenEndpointReply reply) =>
        reply.ErrorCode is { } code ? $"{(int)reply.StatusCode} {code}" : $"{(int)reply.StatusCode}";
}
