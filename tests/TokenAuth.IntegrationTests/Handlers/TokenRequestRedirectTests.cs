using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.IntegrationTests.Handlers;

[Trait("Failure", "26")]
public sealed class TokenRequestRedirectTests
{
    private const string Secret = "the-very-secret";
    private const string Jwt = "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2lnbmF0dXJl";

    private static readonly string[] Grants = ["client secret", "refresh token", "subscription key"];
    private static readonly string[] Situations = ["plain", "after a rejection", "under an outer retry"];
    private static readonly string[] Arrangements =
    [
        "new",
        "new over a client",
        "container",
        "container over sockets",
        "container over classic",
        "container over a wrapper",
        "primary for every client",
    ];

    [Fact]
    public async Task No_redirect_takes_a_token_request_to_another_origin()
    {
        await using var home = new RawOrigin();
        await using var other = new RawOrigin();
        await using var api = new RawOrigin();
        var cells = 0;

        foreach (var arrangement in Arrangements)
        foreach (var grant in Grants)
        foreach (var situation in Situations)
        foreach (var host in new[] { "127.0.0.1", "localhost" })
        foreach (var code in RedirectMatrixTests.Codes)
        {
            var cell = $"{arrangement}, {grant}, {situation}, {host}, {code}";
            home.Received.Clear();
            home.Answer = Redirects(code, grant, situation, $"http://{host}:{other.Port}/");
            api.Answer = _ => RawOrigin.Reply(401);
            await using var services = Services(arrangement, grant, home.Address);
            var provider = services.GetRequiredKeyedService<ITokenProvider>("p");

            await UseAsync(provider, situation, api.Address);

            Assert.True(home.Received.Last().ToString().Contains(Secret, StringComparison.Ordinal), cell);
            Assert.True(other.Received.IsEmpty, cell);
            cells++;
        }

        Report.Line($"Redirect matrix, token requests: {cells} cells, 0 credential bytes at the other origin.");
    }

    private static async Task UseAsync(ITokenProvider provider, string situation, Uri api)
    {
        HttpMessageHandler handler = new BearerTokenHandler(provider) { InnerHandler = new SocketsHttpHandler() };
        if (situation == "under an outer retry")
            handler = new RetryingHandler { InnerHandler = handler };
        using var client = new HttpClient(handler);
        var sending = client.GetAsync(api, TestContext.Current.CancellationToken);

        if (situation == "after a rejection")
            Assert.Equal(HttpStatusCode.Unauthorized, (await sending).StatusCode);
        else
            await Assert.ThrowsAsync<TokenAcquisitionException>(() => sending);
    }

    private static Func<RawRequest, string> Redirects(int code, string grant, string situation, string location)
    {
        var received = 0;
        return _ =>
            situation != "after a rejection" || received++ > 0
                ? RawOrigin.Reply(code, headers: $"Location: {location}\r\n")
            : grant == "subscription key" ? RawOrigin.Reply(200, Jwt)
            : RawOrigin.Json(200, $$"""{"access_token":"a","refresh_token":"{{Secret}}","expired_in":"3600"}""");
    }

    private static ServiceProvider Services(string arrangement, string grant, Uri endpoint)
    {
        var services = new ServiceCollection();
        var builder = services.AddTokenAuth();
        var vk = new VkCloudOptions
        {
            ClientId = "client",
            ClientSecret = Secret,
            RefreshToken = grant == "refresh token" ? Secret : null,
            TokenEndpoint = endpoint,
        };
        var azure = new AzureSpeechOptions { SubscriptionKey = Secret, TokenEndpoint = endpoint };

        if (arrangement.StartsWith("new", StringComparison.Ordinal))
        {
            var client =
                arrangement == "new" ? null : new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
            builder.AddProvider(
                "p",
                _ =>
                    grant == "subscription key"
                        ? new AzureSpeechTokenProvider(azure, client)
                        : new VkCloudTokenProvider(vk, client)
            );
            return services.BuildServiceProvider();
        }

        if (grant == "subscription key")
            builder.AddAzureSpeech("p", o => (o.SubscriptionKey, o.TokenEndpoint) = (azure.SubscriptionKey, endpoint));
        else
            builder.AddVkCloud(
                "p",
                o =>
                    (o.ClientId, o.ClientSecret, o.RefreshToken, o.TokenEndpoint) = (
                        vk.ClientId,
                        vk.ClientSecret,
                        vk.RefreshToken,
                        endpoint
                    )
            );

        switch (arrangement)
        {
            case "container over sockets":
                builder.ConfigureTokenClient(http =>
                    http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler())
                );
                break;
            case "container over classic":
                builder.ConfigureTokenClient(http =>
                    http.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler())
                );
                break;
            case "container over a wrapper":
                builder.ConfigureTokenClient(http =>
                    http.ConfigurePrimaryHttpMessageHandler(() => new ApplicationHandler(new SocketsHttpHandler()))
                );
                break;
            case "primary for every client":
                services.ConfigureHttpClientDefaults(http =>
                    http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler())
                );
                break;
        }

        return services.BuildServiceProvider();
    }
}
