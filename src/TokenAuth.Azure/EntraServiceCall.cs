namespace TokenAuth;

/// <summary>
/// One harmless call of the service, in the form that the provider hands out: the list of voices, or for plain tokens the languages of
/// transcriptions. See
/// <see href="https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech">Text to speech REST API</see> and
/// <see href="https://learn.microsoft.com/rest/api/speechtotext/transcriptions">Transcriptions</see>.
/// </summary>
internal sealed class EntraServiceCall(
    AzureSpeechEntraOptions options,
    AzureSpeechEntraResource resource,
    TokenEndpointClient client
)
{
    private const string Voices = "cognitiveservices/voices/list";
    private const string Languages = "/speechtotext/transcriptions/locales?api-version=2025-10-15";

    // An exchanged token works at the kind of host that issued it, and a plain one at the custom domain alone.
    private Uri Address =>
        options.Form == EntraTokenForm.Plain ? new Uri(resource.Endpoint!, Languages)
        : resource.Endpoint is { } domain && (resource.Region is null || options.Form == EntraTokenForm.Exchanged)
            ? new Uri(domain, "/tts/" + Voices)
        : new Uri($"https://{resource.Region}.tts{AzureSpeechCloud.OfRegion(resource.Region!).Data}/{Voices}");

    /// <summary>Nothing when the service takes the token.</summary>
    public async Task<IReadOnlyList<TokenFinding>> FindAsync(AccessToken token, CancellationToken cancellationToken)
    {
        var address = Address;
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
            Secrets = [token.Value, EntraComposite.Plain(token.Value)],
            MayRepeat = false,
        };

    private Explanation Refused(TokenEndpointResponse response, Uri address)
    {
        var status = (int)response.StatusCode;
        if (status is 400 or 401 or 403 && !response.IsApiResponse)
            return Seen(
                EndpointHelp.FirewallPage,
                "sent a page, as a firewall or a proxy does",
                $"Check that requests to {address.Host} may pass."
            );

        return status switch
        {
            401 => EntraCause.Narrowed(Seen(EntraHelp.TokenRefusedByService, "refused it", Causes()), response),
            403 => EntraCause.Narrowed(
                Seen(
                    AzureSpeechHelp.ServiceForbidden,
                    "does not serve this caller",
                    $"Look at the resource's network rules, its quota and its pricing tier. {EntraCause.RoleRemedy}"
                ),
                response
            ),
            404 => Seen(
                AzureSpeechHelp.ServiceNotFound,
                "has no such service",
                "Check that the resource is one of Azure AI Speech, or of several services with Speech among them, and that Endpoint is its custom domain."
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
                $"Provider '{options.ProviderName}' has a token in the form {options.Form}, and {address.Host} {what} ({status}).",
                remedy
            );
    }

    private string Causes() =>
        $"The response is the same for several causes. A missing role: {EntraCause.RoleRemedy} "
        + "No custom domain: create one at the resource under Networking. "
        + (
            options.Form == EntraTokenForm.Composite
                ? $"Another resource: compare {options.SettingPrefix}ResourceId with the resource's Properties. "
                : $"Another resource: compare {options.SettingPrefix}Endpoint with the resource's page \"Keys and Endpoint\". "
        )
        + "Another form: Composite is for synthesis, voices and short audio, Plain for /speechtotext/ at the custom domain.";
}
