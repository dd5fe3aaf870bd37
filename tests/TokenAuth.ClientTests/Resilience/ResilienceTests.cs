using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace TokenAuth.ClientTests.Resilience;

public sealed class ResilienceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_standard_handler_retries_an_outage_and_each_attempt_has_the_token_of_its_time(bool tokenFirst)
    {
        await using var service = await RevocableService.StartAsync();
        var services = service.CreateClientServices();
        var address = service.Address;
        if (tokenFirst)
        {
            // recipe: resilience
            services
                .AddHttpClient<VoiceClient>(http => http.BaseAddress = address)
                .AddBearerToken("voice")
                .AddStandardResilienceHandler(); // or before it: the order does not matter
            // end of recipe
        }
        else
        {
            var client = services.AddHttpClient<VoiceClient>(http => http.BaseAddress = address);
            client.AddStandardResilienceHandler();
            client.AddBearerToken("voice");
        }

        services.ConfigureAll<HttpStandardResilienceOptions>(options => options.Retry.Delay = TimeSpan.Zero);
        await using var provider = services.BuildServiceProvider();
        var voice = provider.GetRequiredService<VoiceClient>();

        var first = await voice.EchoAsync("first");
        service.Revoke();
        service.FailOnce(HttpStatusCode.ServiceUnavailable);
        var second = await voice.EchoAsync("second");

        Assert.Equal(("first", "second"), (first, second));
        Assert.Equal(["token-1", "token-1", "token-1", "token-2"], service.Credentials);
        Assert.Equal(2, service.TokensIssued);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hedged_copy_is_healed_while_the_first_attempt_hangs(bool tokenFirst)
    {
        await using var service = await RevocableService.StartAsync();
        var services = service.CreateClientServices();
        var delay = TimeSpan.FromMinutes(1);
        var client = services.AddHttpClient<VoiceClient>(http => http.BaseAddress = service.Address);
        if (tokenFirst)
            client.AddBearerToken("voice");
        client
            .AddStandardHedgingHandler()
            .Configure(options =>
            {
                options.Hedging.DelayGenerator = _ => new(delay);
                options.Hedging.MaxHedgedAttempts = 1;
            });
        if (!tokenFirst)
            client.AddBearerToken("voice");
        await using var provider = services.BuildServiceProvider();
        var voice = provider.GetRequiredService<VoiceClient>();
        var end = new TaskCompletionSource();
        var arrived = 0;

        var first = await voice.EchoAsync("first");
        service.Revoke();
        service.Before = () => Interlocked.Increment(ref arrived) == 1 ? end.Task : Task.CompletedTask;
        delay = TimeSpan.FromMilliseconds(100);
        var second = await voice.EchoAsync("second");
        end.SetResult();

        Assert.Equal(("first", "second"), (first, second));
        Assert.Equal(["token-1", "token-1", "token-1", "token-2"], service.Credentials);
        Assert.Equal(2, service.TokensIssued);
    }

    private sealed class VoiceClient(HttpClient http)
    {
        public async Task<string?> EchoAsync(string text)
        {
            using var response = await http.PostAsJsonAsync("echo", text, Cancellation);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<string>(Cancellation);
        }
    }
}
