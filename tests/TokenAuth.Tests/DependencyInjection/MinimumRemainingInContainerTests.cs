using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.DependencyInjection;

/// <summary>The minimum of life passes through the provider that a container hands out, which settings may replace.</summary>
public sealed class MinimumRemainingInContainerTests : IDisposable
{
    private static readonly TimeSpan _halfAnHour = TimeSpan.FromMinutes(30);

    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromSeconds(10) };
    private readonly ScriptedEndpoint _endpoint;
    private readonly ServiceProvider _services;
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder()
        .AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["TokenAuth:vk:Provider"] = "VkCloud",
                ["TokenAuth:vk:ClientId"] = "id",
                ["TokenAuth:vk:ClientSecret"] = "secret-a",
            }
        )
        .Build();

    public MinimumRemainingInContainerTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _endpoint.Answer = (n, _) => Task.FromResult(Granted(n));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services
            .AddTokenAuth(_configuration.GetSection("TokenAuth"))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));
        _services = services.BuildServiceProvider();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ITokenProvider Provider => _services.GetRequiredKeyedService<ITokenProvider>("vk");

    public void Dispose()
    {
        _services.Dispose();
        _endpoint.Dispose();
    }

    [Fact]
    public async Task A_token_with_less_left_is_renewed_first()
    {
        Assert.Equal("access-1", (await GetAsync()).Value);
        Assert.Equal("access-1", (await GetAsync()).Value);
        _time.Advance(_halfAnHour + TimeSpan.FromSeconds(1));

        Assert.Equal("access-2", (await GetAsync()).Value);
    }

    [Fact]
    [Trait("Failure", "36")]
    public async Task Who_waits_while_the_settings_change_gets_a_token_of_the_new_ones()
    {
        var release = new TaskCompletionSource();
        _endpoint.Answer = async (n, _) =>
        {
            if (n == 1)
                await release.Task;
            return Granted(n);
        };
        var waiting = Provider.GetTokenAsync(_halfAnHour, Cancel).AsTask();
        await Patience.Until(() => _endpoint.Requests.Count == 1);

        _configuration["TokenAuth:vk:ClientSecret"] = "secret-b";
        _configuration.Reload();
        var token = await _time.AdvanceUntilAsync(waiting, TimeSpan.FromMilliseconds(10), 2_000);
        release.SetResult();

        Assert.Equal("access-2", token.Value);
    }

    private Task<AccessToken> GetAsync() =>
        _time.AdvanceUntilAsync(
            Provider.GetTokenAsync(_halfAnHour, Cancel).AsTask(),
            TimeSpan.FromMilliseconds(10),
            2_000
        );

    private static HttpResponseMessage Granted(int number) =>
        ScriptedEndpoint.Json(
            $$"""{"refresh_token":"refresh-{{number}}","access_token":"access-{{number}}","expired_in":"3600"}"""
        );
}
