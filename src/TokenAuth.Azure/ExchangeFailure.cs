using System.Net;

namespace TokenAuth;

/// <summary>Why <c>issueToken</c> exchanged no Entra token, and what to do about it.</summary>
internal sealed class ExchangeFailure(AzureSpeechEntraOptions options, Uri address)
{
    private readonly string _endpoint = $"Azure Speech's token endpoint {address.Host}";

    public TokenAcquisitionException Of(TokenEndpointResponse response) =>
        response switch
        {
            { IsApiResponse: false } when (int)response.StatusCode is 400 or 401 or 403 => Because(
                $"A page came back in place of Azure Speech's response to provider '{options.ProviderName}' ({Describe(response)}), as a firewall or a proxy sends it. Check that requests "
                    + $"to {address.Host} may pass. It is tried again.",
                response,
                isTransient: true
            ),
            { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest } =>
                Because(
                    $"{_endpoint} exchanges no Microsoft Entra token for provider '{options.ProviderName}' ({Describe(response)}). Check that the credential's principal has the role 'Cognitive "
                        + "Services Speech User' at the resource (Owner and Contributor give no access to data; a new role takes up to five minutes), that Endpoint is the custom domain of that "
                        + "resource, and that its network rules allow this machine. It is tried again.",
                    response,
                    isTransient: true
                ),
            { IsWorthRepeating: true } => Because(
                $"{_endpoint} failed for provider '{options.ProviderName}' ({Describe(response)}). It is tried again.",
                response,
                isTransient: true
            ),
            _ => Because(
                $"{_endpoint} does not serve provider '{options.ProviderName}' ({Describe(response)}). Check {options.SettingPrefix}Endpoint.",
                response
            ),
        };

    /// <param name="error">The rest of a sentence.</param>
    public TokenAcquisitionException Invalid(TokenEndpointResponse response, string error) =>
        Because(
            $"{_endpoint} gave provider '{options.ProviderName}' an invalid response: it {error}. Check {options.SettingPrefix}Endpoint.",
            response,
            isTransient: true
        );

    private static string Describe(TokenEndpointResponse response) =>
        response.ErrorCode is { } code && code.Any(char.IsLetter)
            ? $"{(int)response.StatusCode} {code}"
            : $"{(int)response.StatusCode}";

    private TokenAcquisitionException Because(
        string message,
        TokenEndpointResponse response,
        bool isTransient = false
    ) =>
        new(message)
        {
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = response.StatusCode,
            ErrorCode = response.ErrorCode,
            RetryAfter = response.RetryAfter,
            GrantType = AzureSpeechEntraTokenSource.EntraGrant,
        };
}
