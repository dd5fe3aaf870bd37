using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Registration;

[Trait("Failure", "36")]
public sealed class ReloadTests : IDisposable
{
    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromSeconds(10) };
    private readonly ScriptedEndpoint _endpoint;
    private readonly RecordedLogs _logs = new();
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder()
        .AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["TokenAuth:vk:Provider"] = "VkCloud",
                ["TokenAuth:vk:ClientId"] = "id",
                ["TokenAuth:vk:ClientSecret"] = "secret-a",
                ["TokenAuth:speech:Provider"] = "AzureSpeech",
                ["TokenAuth:speech:Region"] = "westeurope",
                ["TokenAuth:speech:SubscriptionKey"] = "key-a",
            }
        )
        .Build();

    private ServiceProvider? _services;

    public ReloadTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _endpoint.Answer = (n, _) => Task.FromResult(Granted(n));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ServiceProvider Services => _services ??= Build();

    private ITokenProvider Vk => Services.GetRequiredKeyedService<ITokenProvider>("vk");

    private IEnumerable<string?> Secrets =>
        _endpoint.Requests.Select(request => (string?)JsonNode.Parse(request.Body)!["client_secret"]);

    public void Dispose()
    {
        _services?.Dispose();
        _endpoint.Dispose();
    }

    [Fact]
    public void The_resource_is_that_of_the_settings_in_use()
    {
        var speech = (IAzureSpeechResource)Services.GetRequiredKeyedService<ITokenProvider>("speech");
        Assert.Equal(("westeurope", true), (speech.Region, speech.GrantsServiceTokens));

        _configuration["TokenAuth:speech:Region"] = "eastus";
        _configuration.Reload();

        Assert.Equal(("eastus", true), (speech.Region, speech.GrantsServiceTokens));
        Assert.False(((IAzureSpeechResource)Vk).GrantsServiceTokens);
    }

    [Fact]
    public async Task A_secret_rotated_mid_flight_does_not_publish_the_old_ones_token()
    {
        var release = new TaskCompletionSource();
        _endpoint.Answer = async (n, _) =>
        {
            if (n == 1)
                await release.Task; // and ignores that the old identity ended
            return Granted(n);
        };
        var waiting = Enumerable.Range(0, 10).Select(_ => Vk.GetTokenAsync(Cancel).AsTask()).ToArray();
        await Until(() => _endpoint.Requests.Count == 1);

        Set("vk:ClientSecret", "secret-b");
        await Until(() => _endpoint.Requests.Count == 2);
        release.SetResult();
        var tokens = await Task.WhenAll(waiting);

        Assert.All(tokens, token => Assert.Equal("access-2", token.Value));
        Assert.Equal("access-2", (await GetAsync(Vk)).Value);
        Assert.Equal(["secret-a", "secret-b"], Secrets);
    }

    [Fact]
    public async Task The_old_identitys_token_and_refresh_token_are_not_used_by_the_new_one()
    {
        Assert.Equal("access-1", (await GetAsync(Vk)).Value);

        Set("vk:ClientSecret", "secret-b");

        Assert.Equal("access-2", (await GetAsync(Vk)).Value);
        Assert.Equal(["secret-a", "secret-b"], Secrets);
        Assert.DoesNotContain("refresh_token\"", string.Concat(_endpoint.Requests.Select(request => request.Body)));
    }

    [Fact]
    public async Task A_burst_of_reloads_that_change_nothing_spends_nothing()
    {
        var token = await GetAsync(Vk);

        for (var reload = 0; reload < 100; reload++)
            _configuration.Reload();

        Assert.Same(token, await GetAsync(Vk));
        Assert.Single(_endpoint.Requests);
        Assert.Empty(_logs.Messages(6));
    }

    [Fact]
    public async Task Settings_that_flap_between_two_secrets_spend_one_refresh_token_each_a_minute()
    {
        for (var reload = 0; reload < 50; reload++)
        {
            Set("vk:ClientSecret", reload % 2 == 0 ? "secret-a" : "secret-b");
            try
            {
                await GetAsync(Vk);
            }
            catch (TokenAcquisitionException paced)
            {
                Assert.True(paced.IsTransient);
            }
        }

        Assert.Equal(["secret-a", "secret-b"], Secrets.Where(secret => secret is not null));
        Assert.Equal(50, _endpoint.Requests.Count); // and a refresh for every return
    }

    [Fact]
    public async Task Reloads_from_many_threads_end_with_the_last_settings()
    {
        _ = Vk;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var callers = Enumerable
            .Range(0, 4)
            .Select(_ =>
                Task.Run(async () =>
                {
                    while (!gone.IsCancellationRequested)
                    {
                        try
                        {
                            await Vk.GetTokenAsync(CancellationToken.None);
                        }
                        catch (TokenAcquisitionException failure) when (failure.IsTransient) { }
                    }
                })
            )
            .ToArray();

        Parallel.For(0, 100, n => Set("vk:ClientSecret", "secret-" + n.ToString(CultureInfo.InvariantCulture)));
        Set("vk:ClientSecret", "secret-last");
        await gone.CancelAsync();
        await Task.WhenAll(callers);

        var token = await GetAsync(Vk);
        var number = int.Parse(token.Value.AsSpan("access-".Length), provider: CultureInfo.InvariantCulture);
        Assert.Equal("secret-last", Secrets.ElementAt(number - 1));
        Assert.Empty(_logs.Messages(5));
    }

    [Fact]
    public async Task A_change_beside_the_client_costs_no_refresh_token()
    {
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                ScriptedEndpoint.Json($$"""{"refresh_token":"refresh-{{n}}","access_token":"access-{{n}}"}""")
            );
        var token = await GetAsync(Vk);

        Set("vk:AssumedLifetime", "00:10:00");
        Assert.Same(token, await GetAsync(Vk));
        _time.Advance(TimeSpan.FromHours(1));
        token = await GetAsync(Vk);

        Assert.Equal(["secret-a", null], Secrets); // null: refreshed
        Assert.InRange((token.ExpiresAt!.Value - _time.GetUtcNow()).TotalMinutes, 9.9, 10);
        Assert.Equal(["The settings of token provider 'vk' changed; its token stays in use."], _logs.Messages(7));
    }

    [Theory]
    [InlineData(
        "vk:ClientSecret",
        "secret-b\n",
        "TokenAuth:vk:ClientSecret has white space around it (a line break from a file or a copy?); remove it."
    )]
    [InlineData(
        "vk:ClientSecret",
        "",
        "TokenAuth:vk:ClientSecret is missing; copy it from the VK Cloud console, or set RefreshToken to one that was issued earlier."
    )]
    [InlineData(
        "vk:TokenEndpoint",
        "http://tokens.example/",
        "TokenAuth:vk:TokenEndpoint is 'http://tokens.example/'; a secret goes there, so it must be https (http is for loopback only, or for an emulator with TokenAuth:vk:AllowHttp = true)."
    )]
    public async Task An_invalid_reload_keeps_the_last_good_settings_and_does_not_throw(
        string setting,
        string value,
        string fault
    )
    {
        var token = await GetAsync(Vk);

        Set(setting, value);

        Assert.Same(token, await GetAsync(Vk));
        Assert.Equal(
            [$"The changed settings of token provider 'vk' are wrong, so the last good ones stay in use. {fault}"],
            _logs.Messages(5)
        );

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("access-2", (await GetAsync(Vk)).Value); // renewed under the last good ones
        Set("vk:ClientSecret", "secret-c");
        if (setting == "vk:ClientSecret")
            Assert.Equal("access-3", (await GetAsync(Vk)).Value);
    }

    [Fact]
    public async Task Settings_that_turn_wrong_between_the_start_and_the_first_use_do_not_matter()
    {
        Services.GetRequiredService<IStartupValidator>().Validate();

        Set("vk:ClientSecret", "secret-b\n");

        Assert.Equal("access-1", (await GetAsync(Vk)).Value);
        Assert.Equal(["secret-a"], Secrets);
        Assert.Single(_logs.Messages(5));
    }

    [Fact]
    public async Task An_exception_of_the_applications_own_configuration_does_not_reach_its_reload()
    {
        var isWrong = false;
        using var services = Build(collection =>
            collection.Configure<VkCloudOptions>(
                "vk",
                _ =>
                {
                    if (isWrong)
                        throw new InvalidOperationException("secret-detail");
                }
            )
        );
        var vk = services.GetRequiredKeyedService<ITokenProvider>("vk");
        var token = await GetAsync(vk);

        isWrong = true;
        Set("vk:ClientSecret", "secret-b");

        Assert.Same(token, await GetAsync(vk));
        Assert.Equal(
            [
                "The changed settings of token provider 'vk' are wrong, so the last good ones stay in use. InvalidOperationException",
            ],
            _logs.Messages(5)
        );
    }

    [Fact]
    public void Settings_are_wrong_since_the_first_wrong_reload_by_the_providers_clock()
    {
        var start = _time.GetUtcNow();
        var vk = (IReloadingProvider)Vk;

        foreach (var secret in new[] { "secret-b\n", "secret-c\n" })
        {
            Set("vk:ClientSecret", secret);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(start, vk.InvalidSettings?.Since);
    }

    [Fact]
    public async Task A_rotated_key_is_the_key_that_is_handed_out()
    {
        var speech = (ISubscriptionKeySource)Services.GetRequiredKeyedService<ITokenProvider>("speech");
        var key = speech.SubscriptionKey;
        Assert.Equal("key-a", (await key.GetTokenAsync(Cancel)).Value);

        Set("speech:SubscriptionKey", "key-b");

        Assert.Equal("key-b", (await key.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    public void A_changed_region_changes_the_hosts()
    {
        var audience = (ITokenAudience)Services.GetRequiredKeyedService<ITokenProvider>("speech");

        Set("speech:Region", "northeurope");

        Assert.Contains("northeurope.stt.speech.microsoft.com", audience.AllowedHosts);
        Assert.DoesNotContain("westeurope.stt.speech.microsoft.com", audience.AllowedHosts);
    }

    [Fact]
    public async Task A_reload_after_the_end_does_nothing()
    {
        await GetAsync(Vk);
        Services.Dispose();

        Set("vk:ClientSecret", "secret-b");

        Assert.Empty(_logs.Messages(5));
        Assert.Empty(_logs.Messages(6));
        Assert.Single(_endpoint.Requests);
    }

    [Fact]
    public void A_reload_that_was_under_way_at_the_end_makes_no_new_provider()
    {
        var made = new List<string>();
        var token = "before";
        var change = new LateChange();
        var provider = new ReloadingTokenProvider<string>(
            "mine",
            new WatchedSettings<string>(() => token, [() => change]),
            string.Equals,
            value =>
            {
                made.Add(value);
                return new StaticTokenProvider(value);
            },
            _logs
        );
        provider.Dispose();

        token = "after";
        change.Happen();

        Assert.Equal(["before"], made);
    }

    [Fact]
    public void A_provider_that_knows_no_hosts_names_none()
    {
        using var provider = new ReloadingTokenProvider<string>(
            "mine",
            new WatchedSettings<string>(() => "token", []),
            string.Equals,
            token => new FakeTokenProvider(token),
            _logs
        );

        Assert.Empty(provider.AllowedHosts);
    }

    [Fact]
    public async Task A_change_between_the_start_and_the_first_use_is_not_missed()
    {
        var token = "before";
        var sinceTheStart = new CancellationTokenSource();
        var settings = new WatchedSettings<string>(
            () => token,
            [() => new CancellationChangeToken(sinceTheStart.Token)]
        );
        token = "after";
        var started = sinceTheStart;
        sinceTheStart = new CancellationTokenSource(); // as a configuration's next token is another one
        await started.CancelAsync();

        using var provider = new ReloadingTokenProvider<string>(
            "mine",
            settings,
            string.Equals,
            value => new StaticTokenProvider(value),
            _logs
        );

        Assert.Equal("after", (await provider.GetTokenAsync(Cancel)).Value);
    }

    private static HttpResponseMessage Granted(int number) =>
        ScriptedEndpoint.Json(
            $$"""{"refresh_token":"refresh-{{number}}","access_token":"access-{{number}}","expired_in":"3600"}"""
        );

    [Theory]
    [InlineData("vk:ClientSecret", "secret-b", true)]
    [InlineData("vk:AssumedLifetime", "00:30:00", true)]
    [InlineData("vk:ClientId", "", false)]
    public void A_logger_that_throws_does_not_reach_who_reloads(string setting, string value, bool isValid)
    {
        _services = Build(services => services.AddSingleton<ILoggerFactory>(new ThrowingLoggers()));
        var provider = (IReloadingProvider)Vk;

        Set(setting, value);

        Assert.Equal(isValid, provider.InvalidSettings is null);
    }

    private ServiceProvider Build(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ILoggerFactory>(_logs);
        services
            .AddTokenAuth(_configuration.GetSection("TokenAuth"))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));
        configure?.Invoke(services);

        return services.BuildServiceProvider();
    }

    private void Set(string setting, string value)
    {
        _configuration["TokenAuth:" + setting] = value;
        _configuration.Reload();
    }

    private Task<AccessToken> GetAsync(ITokenProvider provider) =>
        _time.AdvanceUntilAsync(provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(10), 2_000);

    private static async Task Until(Func<bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A change that reaches its listeners although they have gone.</summary>
    private sealed class LateChange : IChangeToken
    {
        private Action _happen = () => { };

        public bool HasChanged => false;

        public bool ActiveChangeCallbacks => true;

        public IDisposable RegisterChangeCallback(Action<object?> callback, object? state)
        {
            _happen = () => callback(state);

            return new CancellationTokenSource();
        }

        public void Happen() => _happen();
    }
}
