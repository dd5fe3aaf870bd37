using System.Net.Http.Json;
using System.Text.Json;

namespace TokenAuth.Benchmarks;

/// <summary>What a process does that is started only to obtain one token, by whoever it is told.</summary>
internal static class FirstTokenProgram
{
    public const string Verb = "first-token";

    /// <summary>Prints what it took.</summary>
    /// <param name="by">Who obtains it.</param>
    /// <param name="endpoint">A token endpoint on loopback.</param>
    public static async Task RunAsync(string by, Uri endpoint)
    {
        var token = by switch
        {
            CallerFactory.ByHand => await ByHandAsync(endpoint),
            ContenderFactory.Ours => await ByTokenAuthAsync(endpoint),
            CallerFactory.Google => await ByGoogleAsync(endpoint),
            CallerFactory.Msal => await ByMsalAsync(endpoint),
            _ => throw new ArgumentException($"Nobody is called '{by}'.", nameof(by)),
        };
        if (token.Length == 0)
            throw new InvalidOperationException("There is no token.");

        FirstTokenRun.PrintThis();
    }

    private static async Task<string> ByHandAsync(Uri endpoint)
    {
        using var client = new HttpClient();
        using var response = await client.PostAsJsonAsync(
            endpoint,
            new
            {
                client_id = "c",
                client_secret = "s",
                grant_type = "client_credentials",
            }
        );
        response.EnsureSuccessStatusCode();
        using var reply = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        return reply.RootElement.GetProperty("access_token").GetString()!;
    }

    private static async Task<string> ByTokenAuthAsync(Uri endpoint)
    {
        using var provider = new VkCloudTokenProvider(
            new VkCloudOptions
            {
                ClientId = "c",
                ClientSecret = "s",
                TokenEndpoint = endpoint,
            }
        );

        return (await provider.GetTokenAsync()).Value;
    }

    private static Task<string> ByGoogleAsync(Uri endpoint) =>
        GooglePeer.Create(new RedirectedHandler(endpoint), TimeProvider.System)(CancellationToken.None);

    private static Task<string> ByMsalAsync(Uri endpoint) =>
        MsalPeer.Create(new RedirectedHandler(endpoint))(CancellationToken.None);

    /// <summary>Takes what is meant for a library's own endpoint to loopback.</summary>
    private sealed class RedirectedHandler(Uri endpoint) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            request.RequestUri = endpoint;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
