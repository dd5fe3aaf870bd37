using System.Net;

namespace TokenAuth;

/// <summary>Explains why <c>issueToken</c> exchanged no Entra token, and what to do about it.</summary>
internal sealed class ExchangeFailure(AzureSpeechEntraOptions options, Uri address)
{
    private const string TriedAgain = " The next call tries again.";

    private readonly string _endpoint = $"Azure Speech's token endpoint {address.Host}";

    public TokenAcquisitionException Of(TokenEndpointResponse response) =>
        response switch
        {
            { IsApiResponse: false } when (int)response.StatusCode is 400 or 401 or 403 => Blocked(response),
            { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest } =>
                Refused(response),
            { IsWorthRepeating: true } => Failed(response),
            _ => Because(
                new Explanation(
                    EndpointHelp.Of(response) is var code && code != EndpointHelp.Failed
                        ? code
                        : AzureSpeechHelp.AddressWrong,
                    $"{_endpoint} does not serve provider '{options.ProviderName}' ({Describe(response)}).",
                    $"Check {options.SettingPrefix}Endpoint."
                ),
                response
            ),
        };

    /// <param name="error">The rest of a sentence.</param>
    public TokenAcquisitionException Invalid(TokenEndpointResponse response, string error) =>
        Because(
            new Explanation(
                response is { Text: not null, IsApiResponse: false }
                    ? EndpointHelp.FirewallPage
                    : AzureSpeechHelp.InvalidResponse,
                $"{_endpoint} gave provider '{options.ProviderName}' an invalid response: it {error}.",
                $"Check {options.SettingPrefix}Endpoint."
            ),
            response,
            isTransient: true
        );

    private TokenAcquisitionException Blocked(TokenEndpointResponse response)
    {
        var explanation = new Explanation(
            EndpointHelp.FirewallPage,
            $"A page came back in place of Azure Speech's response to provider '{options.ProviderName}' ({Describe(response)}), as a firewall or a proxy sends it.",
            $"Check that requests to {address.Host} may pass."
        );

        return Because(explanation, response, explanation + TriedAgain, isTransient: true);
    }

    private TokenAcquisitionException Refused(TokenEndpointResponse response)
    {
        var all = new Explanation(
            EntraHelp.ExchangeRefused,
            $"{_endpoint} exchanges no Microsoft Entra token for provider '{options.ProviderName}' ({Describe(response)}).",
            "Check that the credential's principal has the role 'Cognitive "
                + "Services Speech User' at the resource (Owner and Contributor give no access to data; a new role takes up to five minutes), that Endpoint is the custom domain of that "
                + "resource, and that its network rules allow this machine."
        );

        // Azure's words may be of another service's error: the message keeps all causes.
        return Because(EntraCause.Narrowed(all, response), response, all + TriedAgain, isTransient: true);
    }

    private TokenAcquisitionException Failed(TokenEndpointResponse response)
    {
        var explanation = new Explanation(
            EndpointHelp.Of(response),
            $"{_endpoint} failed for provider '{options.ProviderName}' ({Describe(response)}).",
            "Wait, and look at the state of the service."
        );

        return Because(explanation, response, explanation.Seen + TriedAgain, isTransient: true);
    }

    private static string Describe(TokenEndpointResponse response) =>
        response.ErrorCode is { } code && code.Any(char.IsLetter)
            ? $"{(int)response.StatusCode} {code}"
            : $"{(int)response.StatusCode}";

    /// <param name="message">Unless it is the explanation.</param>
    private TokenAcquisitionException Because(
        Explanation explanation,
        TokenEndpointResponse response,
        string? message = null,
        bool isTransient = false
    ) =>
        new(message ?? explanation.ToString())
        {
            Explanation = explanation,
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = response.StatusCode,
            ErrorCode = response.ErrorCode,
            RetryAfter = response.RetryAfter,
            GrantType = AzureSpeechEntraTokenSource.EntraGrant,
        };
}
