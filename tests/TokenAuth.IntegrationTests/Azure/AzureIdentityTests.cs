using System.Net;
using System.Text;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace TokenAuth.IntegrationTests.Azure;

/// <summary>The real Azure.Identity over a scripted authority: that its cache is passed by shows that the wiring is real.</summary>
public sealed class AzureIdentityTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_secret_credential_is_asked_once_and_past_its_cache_after_a_refusal()
    {
        using var authority = new ScriptedAuthority();
        using var transport = new HttpClientTransport(authority);
        using var provider = new AzureSpeechEntraTokenProvider(
            new AzureSpeechEntraOptions
            {
                Endpoint = new Uri("https://contoso.cognitiveservices.azure.com/"),
                Form = EntraTokenForm.Plain,
            },
            new ClientSecretCredential(
                "11111111-1111-1111-1111-111111111111",
                "22222222-2222-2222-2222-222222222222",
                "not-a-secret",
                new ClientSecretCredentialOptions { Transport = transport, DisableInstanceDiscovery = true }
            )
        );

        var first = await provider.GetTokenAsync(Cancel);
        await provider.GetTokenAsync(Cancel);
        Assert.Equal(1, authority.TokensIssued);

        provider.Invalidate(first);
        var second = await provider.GetTokenAsync(Cancel);

        Assert.Equal(("e.n.t1", "e.n.t2"), (first.Value, second.Value));
        Assert.Equal(2, authority.TokensIssued);
        Assert.All(authority.Scopes, scope => Assert.Equal("https://cognitiveservices.azure.com/.default", scope));
    }

    private sealed class ScriptedAuthority : HttpMessageHandler
    {
        private readonly List<string> _scopes = [];

        public int TokensIssued => _scopes.Count;

        public IReadOnlyList<string> Scopes => _scopes;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (!request.RequestUri!.AbsolutePath.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal))
                return new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request };

            var form = System.Web.HttpUtility.ParseQueryString(
                await request.Content!.ReadAsStringAsync(cancellationToken)
            );
            _scopes.Add(form["scope"]!.Split(' ')[0]);
            var body = $$"""{"token_type":"Bearer","expires_in":3600,"access_token":"e.n.t{{_scopes.Count}}"}""";

            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                RequestMessage = request,
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
        }
    }
}
