using System.Net;

namespace TokenAuth;

/// <summary>Explains why Azure Speech issued nothing, and what to do about it.</summary>
internal sealed class AzureSpeechFailure(AzureSpeechOptions options, Uri address)
{
    private const string TriedAgain = " The next call tries again.";

    private const string NetworkRemedy =
        "Network rules: allow this machine's network at the resource, use the private endpoint's own name, or send the key itself.";

    private const string QuotaRemedy = "A used-up quota: wait, or change the pricing tier.";

    private const string SwitchedOffRemedy =
        "Keys that are switched off for the resource: allow key access again (disableLocalAuth), or use Microsoft Entra.";

    // The setting that the address comes of.
    private bool IsByEndpoint => options is { Endpoint: not null, TokenEndpoint: null };

    private string Setting =>
        options.TokenEndpoint is not null ? nameof(options.TokenEndpoint)
        : IsByEndpoint ? nameof(options.Endpoint)
        : nameof(options.Region);

    private string AddressSettings =>
        IsByEndpoint
            ? $"{options.SettingPrefix}Endpoint"
            : $"{options.SettingPrefix}Region and {options.SettingPrefix}TokenEndpoint";

    public TokenAcquisitionException KeyRefused(TokenEndpointResponse response) =>
        Refused(response, "the subscription key", "SubscriptionKey", "key's");

    public TokenAcquisitionException KeysRefused(TokenEndpointResponse response) =>
        Refused(response, "both subscription keys", "SubscriptionKey and SecondaryKey", "keys'");

    /// <param name="error">The rest of a sentence.</param>
    public TokenAcquisitionException Invalid(TokenEndpointResponse response, string error) =>
        response is { Text: not null, IsApiResponse: false }
            ? Blocked(response)
            : Because(
                new Explanation(
                    AzureSpeechHelp.InvalidResponse,
                    $"Azure Speech's token endpoint {address.Host} gave provider '{options.ProviderName}' an invalid response: it {error}.",
                    $"Check {options.SettingPrefix}{Setting}."
                ),
                response,
                isTransient: true
            );

    /// <summary>The failure that a response without success is.</summary>
    public TokenAcquisitionException Of(TokenEndpointResponse response) =>
        response switch
        {
            { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
                response.IsApiResponse ? NotAllowed(response) : Blocked(response),
            { IsWorthRepeating: true } => Failed(response),
            _ => NotServed(response),
        };

    private TokenAcquisitionException Refused(
        TokenEndpointResponse response,
        string what,
        string settings,
        string whose
    )
    {
        var all = new Explanation(
            AzureSpeechHelp.KeyRefused,
            $"Azure Speech refused {what} of provider '{options.ProviderName}' at {address.Host} ({Describe(response)}).",
            $"The response is the same for three causes. A wrong key: check {settings}. A wrong region or cloud: check that Region, Endpoint or TokenEndpoint is that of the {whose} "
                + $"resource. {SwitchedOffRemedy}"
        );

        return Because(Narrowed(all, response), response, all.ToString());
    }

    private TokenAcquisitionException NotAllowed(TokenEndpointResponse response)
    {
        var all = new Explanation(
            AzureSpeechHelp.NotAllowed,
            $"Azure Speech's token endpoint {address.Host} issues provider '{options.ProviderName}' no token ({Describe(response)}), whichever key is used.",
            $"{NetworkRemedy} {QuotaRemedy} {SwitchedOffRemedy}"
        );

        return Because(Narrowed(all, response), response, all + TriedAgain, isTransient: true);
    }

    // Azure's words may be of another service's error: the message keeps all causes.
    private static Explanation Narrowed(Explanation all, TokenEndpointResponse response) =>
        AzureSpeechCause.Of(response) is { } cause
            ? all with
            {
                Code = cause,
                Remedy =
                    cause == AzureSpeechHelp.NetworkRules ? NetworkRemedy
                    : cause == AzureSpeechHelp.QuotaUsedUp ? QuotaRemedy
                    : SwitchedOffRemedy,
            }
            : all;

    private TokenAcquisitionException Blocked(TokenEndpointResponse response)
    {
        var explanation = new Explanation(
            EndpointHelp.FirewallPage,
            $"A page came back in place of Azure Speech's response to provider '{options.ProviderName}' ({Describe(response)}), as a firewall or a proxy sends it.",
            $"Check that requests to {address.Host} may pass."
        );

        return Because(explanation, response, explanation + TriedAgain, isTransient: true);
    }

    private TokenAcquisitionException Failed(TokenEndpointResponse response)
    {
        var explanation = new Explanation(
            EndpointHelp.Of(response),
            $"Azure Speech's token endpoint {address.Host} failed for provider '{options.ProviderName}' ({Describe(response)}).",
            "Wait, and look at the state of the service. After 429, ask less often: one provider a resource serves all callers."
        );

        return Because(explanation, response, explanation.Seen + TriedAgain, isTransient: true);
    }

    private TokenAcquisitionException NotServed(TokenEndpointResponse response) =>
        Because(
            new Explanation(
                NotServedCode(response),
                $"Azure Speech's token endpoint {address.Host} does not serve provider '{options.ProviderName}' ({Describe(response)}).",
                $"Check {AddressSettings}."
            ),
            response
        );

    private HelpCode NotServedCode(TokenEndpointResponse response) =>
        EndpointHelp.Of(response) is var code && code != EndpointHelp.Failed ? code
        : AzureSpeechAddressError.IsIssueToken(address) ? AzureSpeechHelp.AddressWrong
        : AzureSpeechHelp.AddressWithoutPath;

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
            GrantType = AzureSpeechTokenSource.SubscriptionKeyGrant,
        };
}
