#if !NETSTANDARD_ASSEMBLY
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class TokenAuthStoreExtensionsTests
{
    private static readonly string _key = Convert.ToBase64String(new byte[32]);

    [Fact]
    public void A_file_store_is_the_one_store_of_the_container()
    {
        var services = new ServiceCollection();
        services.AddTokenAuth().UseFileStore(o => o.EncryptionKey = _key);
        using var provider = services.BuildServiceProvider();

        Start(provider);

        Assert.IsType<FileTokenStore>(provider.GetRequiredService<ITokenStore>());
        Assert.Same(provider.GetRequiredService<ITokenStore>(), provider.GetRequiredService<ITokenStore>());
    }

    [Fact]
    public void A_missing_builder_is_refused() =>
        Assert.Throws<ArgumentNullException>("builder", () => ((TokenAuthBuilder)null!).UseFileStore());

    [Fact]
    public void A_file_store_without_a_key_stops_the_start_and_says_how_to_make_one()
    {
        var services = new ServiceCollection();
        services.AddTokenAuth().UseFileStore();
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => Start(provider));

        Assert.Equal(
            [
                "FileTokenStoreOptions.EncryptionKey is not set; make one with 'openssl rand -base64 32' and keep it with your "
                    + "secrets, or set AllowUnencrypted to true to store tokens in the clear.",
            ],
            error.Failures
        );
    }

    [Fact]
    public void A_second_store_stops_the_start()
    {
        var services = new ServiceCollection();
        services.AddTokenAuth().UseFileStore(o => o.EncryptionKey = _key);
        services.AddTokenAuth().UseFileStore(o => o.EncryptionKey = _key);
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => Start(provider));

        Assert.Equal(
            [
                "2 token stores are registered, and a container has one; keep one of UseFileStore, UsePostgresStore, UseRedisStore and UseStore.",
            ],
            error.Failures
        );
    }

    [Fact]
    public async Task A_start_checks_the_options_of_a_store_and_a_host_makes_it()
    {
        var made = 0;
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder
            .Services.AddTokenAuth()
            .AddStaticToken("fixed", "t-1")
            .UseStore(_ =>
            {
                made++;
                return new ScriptedStore();
            });
        using var host = builder.Build();

        Start(host.Services);
        Assert.Equal(0, made);

        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, made);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_whose_constructor_refuses_its_settings_stops_the_host_unless_nothing_uses_it(
        bool isReplaced
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        var tokens = builder
            .Services.AddTokenAuth()
            .AddStaticToken("fixed", "t-1")
            .UseStore(_ => throw new InvalidOperationException("No such server."));
        if (isReplaced)
            tokens.ReplaceProvider("fixed", new StaticTokenProvider("t-2"));
        using var host = builder.Build();

        var error = await Record.ExceptionAsync(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(isReplaced ? null : "No such server.", error?.Message);
    }

    private static void Start(IServiceProvider provider) => provider.GetRequiredService<IStartupValidator>().Validate();
}
#endif
