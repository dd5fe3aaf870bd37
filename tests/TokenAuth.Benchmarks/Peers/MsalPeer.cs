using Microsoft.Identity.Client;

namespace TokenAuth.Benchmarks;

/// <summary>MSAL's client credentials over a fake authority.</summary>
internal static class MsalPeer
{
    private static readonly string[] _scopes = ["https://api.example.com/.default"];

    public static Func<CancellationToken, Task<string>> Create(HttpMessageHandler endpoint)
    {
        var application = ConfidentialClientApplicationBuilder
            .Create("00000000-0000-0000-0000-000000000001")
            .WithClientSecret("s")
            .WithAuthority("https://login.microsoftonline.com/00000000-0000-0000-0000-000000000002")
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(new Factory(endpoint))
            .Build();

        return async cancellationToken =>
            (await application.AcquireTokenForClient(_scopes).ExecuteAsync(cancellationToken)).AccessToken;
    }

    private sealed class Factory(HttpMessageHandler endpoint) : IMsalHttpClientFactory
    {
        private readonly HttpClient _client = new(endpoint, disposeHandler: false);

        public HttpClient GetHttpClient() => _client;
    }
}
