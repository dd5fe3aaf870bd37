using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

namespace TokenAuth.ClientTests.WebApplications;

public sealed class WebApplicationFactoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_applications_own_test_sees_it_heal_over_a_socket()
    {
        await using var service = await RevocableService.StartAsync();
        await using var speech = new SpeechApplication();
        await using var application = speech.WithWebHostBuilder(web =>
            web.UseSetting("TokenAuth:voice:Provider", "VkCloud")
                .UseSetting("TokenAuth:voice:ClientId", "mcs0000000000.voice.test")
                .UseSetting("TokenAuth:voice:ClientSecret", "a-secret")
                .UseSetting("TokenAuth:voice:TokenEndpoint", new Uri(service.Address, "token").AbsoluteUri)
                .UseSetting("Speech:Address", new Uri(service.Address, "say").AbsoluteUri)
        );
        application.UseKestrel(0);
        var client = application.CreateClient();

        var first = await SayAsync(client, "first");
        service.Revoke();
        var second = await SayAsync(client, "second");

        Assert.Equal(("first", "second"), (first, second));
        service.AssertHealed();
    }

    [Fact]
    public async Task A_test_puts_its_own_provider_in_the_place_of_the_applications()
    {
        await using var service = await RevocableService.StartAsync();
        await using var speech = new SpeechApplication();
        using var factory = speech.WithWebHostBuilder(web =>
            web.UseSetting("TokenAuth:voice:Provider", "VkCloud")
                .UseSetting("TokenAuth:voice:ClientId", "mcs0000000000.voice.test")
                .UseSetting("TokenAuth:voice:TokenEndpoint", new Uri(service.Address, "token").AbsoluteUri)
                .UseSetting("Speech:Address", new Uri(service.Address, "say").AbsoluteUri)
        );
        // recipe: web application factory
        await using var application = factory.WithWebHostBuilder(web =>
            web.ConfigureTestServices(services =>
                services.AddTokenAuth().ReplaceProvider("voice", new StaticTokenProvider("token-1"))
            )
        );
        var client = application.CreateClient();
        // end of recipe

        var said = await SayAsync(client, "without a secret");

        Assert.Equal("without a secret", said);
        Assert.Equal(["token-1"], service.Credentials);
        Assert.Equal(0, service.TokensIssued);
    }

    private static async Task<string> SayAsync(HttpClient client, string text)
    {
        using var response = await client.PostAsync("say", new StringContent(text), Cancellation);
        response.EnsureSuccessStatusCode();

        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
