using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class UnkeyedProviderTests
{
    [Fact]
    public void The_only_provider_is_there_without_a_key_too()
    {
        using var services = Build(builder => builder.AddStaticToken("voice", "token"));

        Assert.Same(
            services.GetRequiredKeyedService<ITokenProvider>("voice"),
            services.GetRequiredService<ITokenProvider>()
        );
    }

    [Fact]
    public void Of_several_none_is_meant_and_the_error_lists_them()
    {
        using var services = Build(builder => builder.AddStaticToken("voice", "token").AddStaticToken("Speech", "t"));

        var error = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<ITokenProvider>());

        Assert.Equal(
            "ITokenProvider is asked for without a name, and several token providers are registered: 'Speech', 'voice'. "
                + "Name one: [FromKeyedServices(\"Speech\")] or GetRequiredKeyedService<ITokenProvider>(\"Speech\").",
            error.Message
        );
    }

    [Fact]
    public void All_of_them_can_be_asked_for_without_a_key()
    {
        using var none = Build(_ => { });
        using var several = Build(builder =>
            builder
                .AddStaticToken("voice", "token")
                .AddStaticToken("Speech", "t")
                .AddVkCloudTenants("tenants", (_, _, _) => default)
        );

        Assert.Empty(none.GetServices<ITokenProvider>());
        Assert.Equal(
            [
                several.GetRequiredKeyedService<ITokenProvider>("voice"),
                several.GetRequiredKeyedService<ITokenProvider>("speech"),
            ],
            several.GetServices<ITokenProvider>()
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_applications_own_unkeyed_provider_is_among_them(bool isFirst)
    {
        var mine = new StaticTokenProvider("mine");
        var services = new ServiceCollection();
        if (isFirst)
            services.AddScoped<ITokenProvider>(_ => mine);
        services.AddTokenAuth().AddStaticToken("voice", "token").AddStaticToken("speech", "token");
        if (!isFirst)
            services.AddScoped<ITokenProvider>(_ => mine);
        using var provider = services.BuildServiceProvider(validateScopes: true);
        using var scope = provider.CreateScope();

        Assert.Equal(3, scope.ServiceProvider.GetServices<ITokenProvider>().Count());
        Assert.Same(mine, scope.ServiceProvider.GetServices<ITokenProvider>().Last());
    }

    [Fact]
    public void Without_any_provider_the_error_says_how_to_register_one()
    {
        using var services = Build(_ => { });

        var error = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<ITokenProvider>());

        Assert.Equal(
            "ITokenProvider is asked for, and no token provider is registered: call AddTokenAuth().AddVkCloud, AddAzureSpeech, "
                + "AddStaticToken, AddTokenSource or AddProvider.",
            error.Message
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_applications_own_unkeyed_provider_stays(bool isFirst)
    {
        var mine = new StaticTokenProvider("mine");
        var services = new ServiceCollection();
        if (isFirst)
            services.AddSingleton<ITokenProvider>(mine);
        services.AddTokenAuth().AddStaticToken("voice", "token").AddStaticToken("speech", "token");
        if (!isFirst)
            services.AddSingleton<ITokenProvider>(mine);
        using var provider = services.BuildServiceProvider();

        Assert.Same(mine, provider.GetRequiredService<ITokenProvider>());
    }

    private static ServiceProvider Build(Action<TokenAuthBuilder> register)
    {
        var services = new ServiceCollection();
        register(services.AddTokenAuth());

        return services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }
        );
    }
}
