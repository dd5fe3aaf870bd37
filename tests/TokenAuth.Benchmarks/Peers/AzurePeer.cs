using System.Net.Http.Json;
using Azure.Core;
using Azure.Core.Pipeline;

namespace TokenAuth.Benchmarks;

/// <summary>Azure.Core's bearer policy over a credential that asks the fake endpoint, as Azure.Identity's do.</summary>
internal static class AzurePeer
{
    public static HttpPipeline WithoutCredential(HttpMessageHandler inner) => new(Transport(inner), []);

    public static HttpPipeline Create(HttpMessageHandler inner, HttpMessageHandler endpoint) =>
        new(
            Transport(inner),
            [new BearerTokenAuthenticationPolicy(new Credential(endpoint), "https://api.example.com/.default")]
        );

    private static HttpClientTransport Transport(HttpMessageHandler inner) => new(new HttpClient(inner, false));

    private sealed class Credential(HttpMessageHandler endpoint) : TokenCredential
    {
        private readonly HttpClient _client = new(endpoint, disposeHandler: false);

        public override Azure.Core.AccessToken GetToken(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public override async ValueTask<Azure.Core.AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        )
        {
            using var response = await _client.PostAsync(FakeTokenEndpoint.Address, null, cancellationToken);
            response.EnsureSuccessStatusCode();
            var reply = await response.Content.ReadFromJsonAsync<FakeTokenReply>(cancellationToken);

            return new(reply!.AccessToken, DateTimeOffset.UtcNow.AddSeconds(reply.ExpiresIn));
        }
    }
}
