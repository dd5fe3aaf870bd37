using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TokenAuth.Tests.Handlers;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class TokenProviderRegistryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Failure", "49")]
    [InlineData("voice")]
    [InlineData("VOICE")]
    [InlineData("Voice")]
    public async Task A_provider_is_found_in_any_case(string name)
    {
        using var services = Build(builder => builder.AddStaticToken("voice", "token"));

        var provider = services.GetRequiredKeyedService<ITokenProvider>(name);

        Assert.Equal("token", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Same(services.GetRequiredKeyedService<ITokenProvider>("voice"), provider);
    }

    [Fact]
    [Trait("Failure", "49")]
    public void An_unknown_name_is_an_error_that_lists_the_known_ones()
    {
        using var services = Build(builder =>
            builder.AddStaticToken("voice", "token").AddStaticToken("Speech", "token")
        );

        var error = Assert.Throws<InvalidOperationException>(() =>
            services.GetRequiredKeyedService<ITokenProvider>("vioce")
        );

        Assert.Equal("No token provider is named 'vioce'; the registered ones are 'Speech', 'voice'.", error.Message);
    }

    [Fact]
    [Trait("Failure", "49")]
    public void Without_any_provider_the_error_says_how_to_register_one()
    {
        using var services = Build(_ => { });

        var error = Assert.Throws<InvalidOperationException>(() =>
            services.GetRequiredKeyedService<ITokenProvider>("voice")
        );

        Assert.Equal(
            "No token provider is named 'voice'; none is registered: call AddTokenAuth().AddVkCloud, AddAzureSpeech, AddStaticToken, AddTokenSource or AddProvider.",
            error.Message
        );
    }

    [Theory]
    [Trait("Failure", "49")]
    [InlineData("voice")]
    [InlineData("VOICE")]
    public async Task A_name_twice_stops_the_start(string again)
    {
        using var host = Host(builder =>
            builder.AddStaticToken("voice", "token").AddProvider(again, _ => new StaticTokenProvider("token"))
        );

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));

        Assert.Equal(
            ["Two token providers are named 'voice' (names ignore case); give each a name of its own."],
            error.Failures
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void A_provider_needs_a_name(string? name) =>
        Assert.StartsWith(
            "A token provider needs a name, for example 'voice'.",
            Assert.Throws<ArgumentException>(() => Build(builder => builder.AddStaticToken(name!, "token"))).Message
        );

    [Fact]
    [Trait("Failure", "37")]
    public async Task Every_wrong_setting_stops_the_start_with_its_path()
    {
        using var host = Host(builder =>
            builder
                .AddVkCloud("vk", o => o.ClientId = "id")
                .AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("West Europe", "key\n"))
                .AddStaticToken("service", "")
        );

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));

        Assert.Equal(
            [
                "TokenAuth:vk:ClientSecret is missing; copy it from the VK Cloud console, or set RefreshToken to one that was issued earlier.",
                "TokenAuth:speech:Region is 'West Europe'; write it without spaces in lower case, for example 'westeurope'.",
                "TokenAuth:speech:SubscriptionKey has white space around it (a line break from a file or a copy?); remove it.",
                "TokenAuth:service:Token is missing; give the token that the console issued.",
            ],
            error.Failures.Select(failure => failure.Trim())
        );
        Assert.Equal(4, error.Message.Trim().Split('\n').Length);
    }

    [Fact]
    [Trait("Failure", "37")]
    public void Without_a_host_the_first_resolve_of_any_provider_checks_the_same()
    {
        using var services = Build(builder =>
            builder
                .AddStaticToken("service", "token")
                .AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("West Europe", "key"))
        );

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = Assert.Throws<OptionsValidationException>(() =>
                services.GetRequiredKeyedService<ITokenProvider>("service")
            );

            Assert.Equal(
                "TokenAuth:speech:Region is 'West Europe'; write it without spaces in lower case, for example 'westeurope'.",
                error.Message
            );
        }
    }

    [Fact]
    public async Task A_host_with_good_settings_starts()
    {
        using var host = Host(builder =>
            builder
                .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "secret"))
                .AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("westeurope", "key"))
        );

        await host.StartAsync(Cancel);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task Two_registrations_are_one_registry()
    {
        var collection = new ServiceCollection();
        collection.AddTokenAuth().AddStaticToken("one", "token-1");
        collection.AddTokenAuth().AddStaticToken("two", "token-2");
        using var services = collection.BuildServiceProvider();

        Assert.Single(collection, service => service.ServiceType == typeof(TokenProviderRegistry));
        Assert.Equal("token-1", await TokenOf(services, "one"));
        Assert.Equal("token-2", await TokenOf(services, "two"));
    }

    [Fact]
    public async Task Two_containers_of_one_collection_do_not_share_providers()
    {
        var collection = new ServiceCollection();
        collection.AddTokenAuth().AddProvider("mine", _ => new FakeTokenProvider("token"));
        var first = collection.BuildServiceProvider();
        using var second = collection.BuildServiceProvider();
        var mine = first.GetRequiredKeyedService<ITokenProvider>("mine");
        var other = second.GetRequiredKeyedService<ITokenProvider>("mine");

        await first.DisposeAsync();

        Assert.NotSame(mine, other);
        Assert.NotNull(await other.GetTokenAsync(Cancel));
    }

    [Fact]
    public void A_provider_of_ones_own_is_made_once()
    {
        var made = 0;
        using var services = Build(builder =>
            builder.AddProvider(
                "mine",
                _ =>
                {
                    Interlocked.Increment(ref made);
                    return new StaticTokenProvider("token");
                }
            )
        );
        Assert.Equal(0, made);

        Parallel.For(0, 50, i => services.GetRequiredKeyedService<ITokenProvider>(i % 2 == 0 ? "mine" : "MINE"));

        Assert.Equal(1, made);
    }

    [Fact]
    public void A_provider_that_could_not_be_made_is_made_at_the_next_use()
    {
        var attempts = 0;
        using var services = Build(builder =>
            builder.AddProvider(
                "mine",
                _ => ++attempts == 1 ? throw new IOException("not yet") : new StaticTokenProvider("token")
            )
        );

        Assert.Throws<IOException>(() => services.GetRequiredKeyedService<ITokenProvider>("mine"));

        Assert.NotNull(services.GetRequiredKeyedService<ITokenProvider>("mine"));
    }

    [Fact]
    public async Task A_provider_may_wrap_another()
    {
        using var services = Build(builder =>
            builder
                .AddProvider("outer", sp => sp.GetRequiredKeyedService<ITokenProvider>("inner"))
                .AddStaticToken("inner", "token")
        );

        Assert.Equal("token", await TokenOf(services, "outer"));
    }

    [Fact]
    public void A_provider_that_is_null_is_an_error_that_names_it()
    {
        using var services = Build(builder => builder.AddProvider("mine", _ => null!));

        var error = Assert.Throws<InvalidOperationException>(() =>
            services.GetRequiredKeyedService<ITokenProvider>("mine")
        );

        Assert.Equal("The factory of token provider 'mine' returned null; return a provider.", error.Message);
    }

    [Fact]
    public void The_name_of_a_registration_is_its_providers()
    {
        using var services = Build(builder =>
            builder.AddVkCloud("vk", o => (o.ClientId, o.ClientSecret, o.ProviderName) = ("id", "secret", "another"))
        );

        Assert.Equal("VkCloudTokenProvider 'vk'", services.GetRequiredKeyedService<ITokenProvider>("vk").ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_container_disposes_what_it_made(bool asynchronously)
    {
        var mine = new Disposable();
        var services = Build(builder =>
            builder
                .AddProvider("mine", _ => mine)
                .AddProvider("unused", _ => throw new InvalidOperationException("not made to be disposed"))
                .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id", "secret"))
        );
        _ = services.GetRequiredService<TokenProviderRegistry>().Get("mine"); // as the handlers of a client do
        var vk = services.GetRequiredKeyedService<ITokenProvider>("vk");

        if (asynchronously)
            await services.DisposeAsync();
        else
            services.Dispose();

        Assert.True(mine.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await vk.GetTokenAsync(Cancel));
    }

    private static async Task<string> TokenOf(IServiceProvider services, string name) =>
        (await services.GetRequiredKeyedService<ITokenProvider>(name).GetTokenAsync(Cancel)).Value;

    private static ServiceProvider Build(Action<TokenAuthBuilder> register)
    {
        var services = new ServiceCollection();
        register(services.AddTokenAuth());

        return services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }
        );
    }

    private static IHost Host(Action<TokenAuthBuilder> register)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        register(builder.Services.AddTokenAuth());

        return builder.Build();
    }

    private sealed class Disposable : ITokenProvider, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            new(new AccessToken("token"));

        public void Invalidate(AccessToken rejected) { }

        public void Dispose() => IsDisposed = true;
    }
}
