using System.Net;
using System.Net.Http.Headers;

namespace TokenAuth;

/// <summary>Azure's <c>issueToken</c>: an empty POST with the subscription key.</summary>
internal sealed class AzureSpeechTokenEndpoint(AzureSpeechOptions options, Uri address, TokenEndpointClient client)
{
    /// <param name="known">A token that a message must not repeat where the endpoint echoes it; null when there is none.</param>
    /// <param name="mayRepeat">Whether a failed attempt is repeated.</param>
    public Task<TokenEndpointResponse> SendAsync(
        AccessToken key,
        AccessToken? known,
        bool mayRepeat,
        CancellationToken cancellationToken
    ) =>
        client.SendAsync(
            new TokenEndpointCall
            {
                Vendor = "Azure Speech",
                ProviderName = options.ProviderName,
                Endpoint = address,
                Settings = "the settings Region, Endpoint and TokenEndpoint",
                GrantType = AzureSpeechTokenSource.SubscriptionKeyGrant,
                CreateRequest = () => Request(key),
                Secrets = [options.SubscriptionKey, options.SecondaryKey, known?.Value],
                MayRepeat = mayRepeat,
            },
            cancellationToken
        );

    /// <summary>True when the response refuses the key. Only Azure itself judges a key, and only with 401: 400 and 403 are for both keys.</summary>
    public static bool IsRefusal(TokenEndpointResponse response) =>
        response is { StatusCode: HttpStatusCode.Unauthorized, IsApiResponse: true };

    private HttpRequestMessage Request(AccessToken key)
    {
        // Without an explicit Content-Length: 0 the answer is 411.
        var content = new ByteArrayContent([]);
        content.Headers.ContentLength = 0;
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");

        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.TryAddWithoutValidation("Ocp-Apim-Subscription-Key", key.Value);

        return request;
    }
}
