using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers token providers. Names ignore case; a name registered twice stops the start.</summary>
public static class TokenAuthBuilderExtensions
{
    /// <summary>Registers a VK Cloud client: Voice and Vision have a client id each.</summary>
    public static TokenAuthBuilder AddVkCloud(
        this TokenAuthBuilder builder,
        string name,
        Action<VkCloudOptions> configure
    ) =>
        builder.AddReloading(
            name,
            configure,
            (options, path) => (options.ProviderName, options.SettingPrefix) = (name, path),
            static (a, b) => a.IsSameAs(b),
            static (options, services) =>
                new VkCloudTokenProvider(
                    options,
                    TokenClient.From(services),
                    services.GetService<TimeProvider>(),
                    services.GetService<ITokenStore>(),
                    services.GetService<ILoggerFactory>()
                )
        );

    /// <summary>Registers an Azure Speech resource, for its tokens and its keys.</summary>
    public static TokenAuthBuilder AddAzureSpeech(
        this TokenAuthBuilder builder,
        string name,
        Action<AzureSpeechOptions> configure
    ) =>
        builder.AddReloading(
            name,
            configure,
            (options, path) => (options.ProviderName, options.SettingPrefix) = (name, path),
            static (a, b) => a.IsSameAs(b),
            static (options, services) =>
                new AzureSpeechTokenProvider(
                    options,
                    TokenClient.From(services),
                    services.GetService<TimeProvider>(),
                    services.GetService<ITokenStore>(),
                    services.GetService<ILoggerFactory>()
                )
        );

    /// <summary>Registers a fixed token, such as a VK Cloud service token.</summary>
    public static TokenAuthBuilder AddStaticToken(this TokenAuthBuilder builder, string name, string token) =>
        builder.Add(
            name,
            _ =>
                SettingFault.OfSecret($"{Path(name)}Token", token, "give the token that the console issued")
                    is { } fault
                    ? [fault]
                    : [],
            _ => new StaticTokenProvider(token)
        );

    /// <summary>Registers a provider of one's own; it is made once, when it is first used, and disposed with the container.</summary>
    public static TokenAuthBuilder AddProvider(
        this TokenAuthBuilder builder,
        string name,
        Func<IServiceProvider, ITokenProvider> create
    )
    {
        if (create is null)
            throw new ArgumentNullException(nameof(create));

        return builder.Add(name, _ => [], create);
    }

    /// <summary>
    /// Configures the HTTP client that calls the token endpoints: its primary handler, for a proxy or a certificate authority
    /// of one's own. Additional handlers and client settings do not apply to it.
    /// </summary>
    public static TokenAuthBuilder ConfigureTokenClient(
        this TokenAuthBuilder builder,
        Action<IHttpClientBuilder> configure
    )
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (configure is null)
            throw new ArgumentNullException(nameof(configure));

        configure(builder.Services.AddHttpClient(TokenClient.Name));

        return builder;
    }

    private static TokenAuthBuilder Add(
        this TokenAuthBuilder builder,
        string name,
        Func<IServiceProvider, IEnumerable<string>> faults,
        Func<IServiceProvider, ITokenProvider> create
    )
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("A token provider needs a name, for example 'voice'.", nameof(name));

        builder.Services.AddSingleton(new TokenProviderRegistration(name, faults, create));

        return builder;
    }

    private static TokenAuthBuilder AddReloading<TOptions>(
        this TokenAuthBuilder builder,
        string name,
        Action<TOptions> configure,
        Action<TOptions, string> identify,
        Func<TOptions, TOptions, bool> isSame,
        Func<TOptions, IServiceProvider, ITokenProvider> create
    )
        where TOptions : class, new()
    {
        if (configure is null)
            throw new ArgumentNullException(nameof(configure));

        builder.Add(
            name,
            services => Faults<TOptions>(services, name),
            services => new ReloadingTokenProvider<TOptions>(
                name,
                () => services.GetRequiredService<IOptionsFactory<TOptions>>().Create(name),
                isSame,
                options => create(options, services),
                Watches<TOptions>(services, name),
                Logger(services)
            )
        );
        builder
            .Services.AddOptions<TOptions>(name)
            .Configure(configure)
            .PostConfigure(options => identify(options, Path(name)));

        return builder;
    }

    private static string Path(string name) => $"TokenAuth:{name}:";

    private static IEnumerable<string> Faults<TOptions>(IServiceProvider services, string name)
        where TOptions : class, new()
    {
        try
        {
            services.GetRequiredService<IOptionsFactory<TOptions>>().Create(name);

            return [];
        }
        catch (OptionsValidationException exception)
        {
            return exception.Failures;
        }
    }

    // IOptionsMonitor would throw a failed validation into the application's Reload().
    private static IEnumerable<Func<Action, IDisposable>> Watches<TOptions>(IServiceProvider services, string name) =>
        services
            .GetServices<IOptionsChangeTokenSource<TOptions>>()
            .Where(source => string.Equals(source.Name, name, StringComparison.Ordinal))
            .Select(source =>
                (Func<Action, IDisposable>)(reload => ChangeToken.OnChange(source.GetChangeToken, reload))
            );

    private static ILogger Logger(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenAuth.Reload");
}
