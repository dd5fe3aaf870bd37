// A vendor that TokenAuth does not know: one class says how to ask for a token, the rest comes along. Here Yandex Cloud's IAM tokens.
//
//   dotnet run --project samples/CustomProvider              against a stand-in on this machine, offline
//   dotnet run --project samples/CustomProvider -- --live    against Yandex Cloud, with YANDEX_OAUTH_TOKEN in the environment
//
// Package: TokenAuth; the stand-in needs a project made with dotnet new web.
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenAuth;

var tokenCalls = 0;
await using var standIn = args.Contains("--live") ? null : await StartStandInAsync();
var iam = new Uri(standIn?.Urls.Single() ?? "https://iam.api.cloud.yandex.net");
var clouds = new Uri(standIn?.Urls.Single() ?? "https://resource-manager.api.cloud.yandex.net");
var oauthToken = standIn is null ? Environment.GetEnvironmentVariable("YANDEX_OAUTH_TOKEN") : "emulated";
if (string.IsNullOrEmpty(oauthToken))
{
    Console.Error.WriteLine(
        "YANDEX_OAUTH_TOKEN is not set; see https://yandex.cloud/docs/iam/operations/iam-token/create."
    );
    return 1;
}

// The application's part.
using var tokenHandler = new SocketsHttpHandler { AllowAutoRedirect = false }; // a redirect would take the secret elsewhere
using var tokenClient = new HttpClient(tokenHandler) { BaseAddress = iam };
var services = new ServiceCollection();
services.AddTokenAuth().AddTokenSource("yandex", _ => new YandexCloudTokenSource(tokenClient, oauthToken));
services
    .AddHttpClient("Clouds", http => http.BaseAddress = clouds)
    .AddBearerToken("yandex", o => o.AllowedHosts.Add("resource-manager.api.cloud.yandex.net"));
await using var provider = services.BuildServiceProvider();

var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("Clouds");
var answers = await Task.WhenAll(
    Enumerable.Range(0, 50).Select(_ => http.GetStringAsync("resource-manager/v1/clouds"))
);
Console.WriteLine($"{answers.Length} calls, {answers[0]}");
if (standIn is null)
    return 0;

Console.WriteLine($"{tokenCalls} token call");
return tokenCalls == 1 ? 0 : 1;

// In place of both addresses of Yandex Cloud.
async Task<WebApplication> StartStandInAsync()
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    var app = builder.Build();
    app.Urls.Add("http://127.0.0.1:0");
    app.MapPost(
        "/iam/v1/tokens",
        () => new { iamToken = $"t1.{++tokenCalls}", expiresAt = DateTimeOffset.UtcNow.AddHours(12) }
    );
    app.MapGet(
        "/resource-manager/v1/clouds",
        (HttpRequest request) =>
            request.Headers.Authorization == "Bearer t1.1" ? Results.Text("""{"clouds":[]}""") : Results.Unauthorized()
    );
    await app.StartAsync();
    return app;
}

/// <summary>Asks as https://yandex.cloud/docs/iam/api-ref/IamToken/create has it.</summary>
internal sealed class YandexCloudTokenSource(HttpClient http, string oauthToken) : ITokenSource
{
    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        var body = new { yandexPassportOauthToken = oauthToken };
        using var response = await http.PostAsJsonAsync("iam/v1/tokens", body, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var status = (int)response.StatusCode;
            throw new TokenAcquisitionException($"Yandex Cloud granted no IAM token ({status}). Check the OAuth token.")
            {
                StatusCode = response.StatusCode,
                IsTransient = status is 408 or 429 or >= 500,
            };
        }

        var reply = await response.Content.ReadFromJsonAsync<Reply>(cancellationToken);
        return new TokenGrant(new AccessToken(reply!.IamToken, reply.ExpiresAt))
        {
            ReuseFor = TimeSpan.FromHours(1), // of at most twelve, as Yandex Cloud recommends
        };
    }

    private sealed record Reply(string IamToken, DateTimeOffset ExpiresAt);
}
