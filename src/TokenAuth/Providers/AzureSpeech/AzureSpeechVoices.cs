namespace TokenAuth;

/// <summary>
/// One harmless call of the service with a token: the list of voices. See
/// <see href="https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech">Text to speech REST API</see>.
/// </summary>
internal sealed class AzureSpeechVoices(
    AzureSpeechOptions options,
    AzureSpeechResource resource,
    TokenEndpointClient client
)
{
    private const string Path = "cognitiveservices/voices/list";

    // A token works at the kind of host that issued it.
    private Uri? Address =>
        resource.Endpoint is { } domain && (resource.Region is null || IsIssuer(domain))
            ? new Uri(domain, "/tts/" + Path)
        : resource.Region is { } region
            ? new Uri($"https://{region}.tts{AzureSpeechCloud.OfRegion(region).Data}/{Path}")
        : null;

    /// <summary>Nothing when the service takes the token.</summary>
    public async Task<IReadOnlyList<TokenFinding>> FindAsync(AccessToken token, CancellationToken cancellationToken)
    {
        if (Address is not { } address)
            return [NotCalled()];

        try
        {
            var response = await client.SendAsync(Call(token, address), cancellationToken).ConfigureAwait(false);

            return response.IsSuccess ? [] : [Refused(response, address).ToFinding()];
        }
        catch (TokenAcquisitionException exception) when (exception.Explanation is { } explanation)
        {
            return [explanation.ToFinding()];
        }
    }

    private bool IsIssuer(Uri domain) =>
        string.Equals(domain.Authority, resource.TokenAddress.Authority, StringComparison.OrdinalIgnoreCase);

    private TokenEndpointCall Call(AccessToken token, Uri address) =>
        new()
        {
            Vendor = "Azure Speech",
            Subject = "service",
            ProviderName = options.ProviderName,
            Endpoint = address,
            Settings = "the settings Region and Endpoint",
            CreateRequest = () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.TryAddWithoutValidation("Authorization", token.BearerHeader);

                return request;
            },
            Secrets = [token.Value, options.SubscriptionKey, options.SecondaryKey],
            MayRepeat = false,
        };

    private TokenFinding NotCalled() =>
        new(
            AzureSpeechHelp.ServiceNotCalled,
            TokenFindingSeverity.Information,
            $"The service was not called: the settings of provider '{options.ProviderName}' name neither a region nor an endpoint.",
            $"Set {options.SettingPrefix}Region, or {options.SettingPrefix}Endpoint, beside TokenEndpoint."
        );

    private Explanation Refused(TokenEndpointResponse response, Uri address)
    {
        return (int)response.StatusCode switch
        {
            400 or 401 or 403 when !response.IsApiResponse => Seen(
                EndpointHelp.FirewallPage,
                "sent a page, as a firewall or a proxy does",
                $"Check that requests to {address.Host} may pass."
            ),
            401 => Seen(
                AzureSpeechHelp.TokenRefusedByService,
                "refused a token that was issued a moment ago",
                "A token works only at the hosts of the kind that issued it, a region's or a custom domain's, and in its own region: let Region or Endpoint name the resource "
                    + "that the key belongs to."
            ),
            403 => Seen(
                AzureSpeechHelp.ServiceForbidden,
                "does not serve this caller",
                "Look at the resource's network rules, its quota and its pricing tier."
            ),
            404 => Seen(
                AzureSpeechHelp.ServiceNotFound,
                "has no list of voices",
                "Check that the resource is one of Azure AI Speech, or of several services with Speech among them, and that the region has it."
            ),
            _ => Seen(
                EndpointHelp.Of(response) is var code && code != EndpointHelp.Failed
                    ? code
                    : AzureSpeechHelp.ServiceFailed,
                "failed",
                "Wait, and look at the state of the service."
            ),
        };

        Explanation Seen(HelpCode code, string what, string remedy) =>
            new(
                code,
                $"Azure Speech issued a token to provider '{options.ProviderName}', and {address.Host} {what} ({(int)response.StatusCode}).",
                remedy
            );
    }
}
