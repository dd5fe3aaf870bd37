using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenAuth.Testing;
using TokenAuth.Tests.Lifetime;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class TokenSourceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordedLogs _logs = new();
    private readonly ScriptedStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_of_ones_own_has_the_containers_clock_logs_and_store()
    {
        await using var services = Build(builder => builder.AddTokenSource("mine", Source));
        var provider = services.GetRequiredKeyedService<ITokenProvider>("MINE");

        var first = await provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(2));
        var second = await provider.GetTokenAsync(Cancel);

        Assert.Equal(("token-1", "token-2"), (first.Value, second.Value));
        Assert.All(_logs.Messages(1), message => Assert.Contains("'mine'", message, StringComparison.Ordinal));
        Assert.Equal(2, _logs.Messages(1).Count());
        Assert.Single(_store.Keys.Distinct());
        Assert.Equal("token-2", _store.Record?.Grant.AccessToken.Value);
    }

    [Fact]
    public async Task A_stored_grant_serves_the_next_start_without_a_call()
    {
        await using (var earlier = Build(builder => builder.AddTokenSource("mine", Source)))
            await earlier.GetRequiredKeyedService<ITokenProvider>("mine").GetTokenAsync(Cancel);
        var source = new ScriptedSource(_time);
        await using var services = Build(builder => builder.AddTokenSource("mine", _ => source));

        var token = await services.GetRequiredKeyedService<ITokenProvider>("mine").GetTokenAsync(Cancel);

        Assert.Equal(("token-1", 0), (token.Value, source.Calls));
    }

    [Fact]
    public async Task A_grant_is_stored_under_the_key_that_its_author_gives_and_in_the_registered_name()
    {
        var key = TokenStoreKey.For("example", new Uri("https://oauth.example/token"), "client");
        await using var services = Build(builder =>
            builder.AddTokenSource("mine", Source, o => (o.StoreKey, o.ProviderName) = (key, "another"))
        );
        var provider = services.GetRequiredKeyedService<ITokenProvider>("mine");

        await provider.GetTokenAsync(Cancel);

        Assert.Equal([key], _store.Keys.Distinct());
        Assert.Equal("CachedTokenProvider 'mine'", provider.ToString());
    }

    [Fact]
    public void A_wrong_store_key_stops_the_start_and_names_the_provider()
    {
        using var services = Build(builder => builder.AddTokenSource("mine", Source, o => o.StoreKey = "Mine"));

        var error = Assert.Throws<OptionsValidationException>(() =>
            services.GetRequiredService<IStartupValidator>().Validate()
        );

        Assert.Equal(
            [
                "Token provider 'mine': CachedTokenOptions.StoreKey is 'Mine'; write 1 to 128 of the characters a-z, 0-9 and '-'.",
            ],
            error.Failures
        );
    }

    [Fact]
    public async Task A_source_that_is_null_is_an_error_that_names_it()
    {
        await using var services = Build(builder => builder.AddTokenSource("mine", _ => null!));

        var error = Assert.Throws<InvalidOperationException>(() =>
            services.GetRequiredKeyedService<ITokenProvider>("mine")
        );

        Assert.Equal("The factory of token source 'mine' returned null; return a source.", error.Message);
    }

    private static ScriptedSource Source(IServiceProvider services) => new(services.GetRequiredService<TimeProvider>());

    private ServiceProvider Build(Action<TokenAuthBuilder> register)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time).AddSingleton<ILoggerFactory>(_logs);
        register(services.AddTokenAuth().UseStore(_ => _store));

        return services.BuildServiceProvider();
    }
}
