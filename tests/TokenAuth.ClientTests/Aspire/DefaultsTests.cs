using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.ClientTests.Aspire;

public sealed class DefaultsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_with_discovery_and_resilience_by_default_is_healed()
    {
        await using var service = await RevocableService.StartAsync();
        var services = service.CreateClientServices();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?> { ["Services:voice-service:http:0"] = service.Address.AbsoluteUri }
                )
                .Build()
        );
        // recipe: aspire
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        services
            .AddHttpClient("voice", http => http.BaseAddress = new Uri("https+http://voice-service"))
            .AddBearerToken("voice"); // on the client, not in the defaults
        // end of recipe
        await using var provider = services.BuildServiceProvider();
        var voice = provider.GetRequiredService<IHttpClientFactory>().CreateClient("voice");

        var first = await EchoAsync(voice, "first");
        service.Revoke();
        var second = await EchoAsync(voice, "second");

        Assert.Equal(("first", "second"), (first, second));
        service.AssertHealed();
    }

    private static async Task<string> EchoAsync(HttpClient voice, string text)
    {
        using var response = await voice.PostAsync("echo", new StringContent(text), Cancellation);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
