using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers TokenAuth.</summary>
public static class TokenAuthServiceCollectionExtensions
{
    /// <summary>
    /// Starts the registration of token providers. You may call it again: a container has one registry and one store.
    /// </summary>
    public static TokenAuthBuilder AddTokenAuth(this IServiceCollection services)
    {
        if (services is null)
            throw new ArgumentNullException(nameof(services));
        if (services.Any(service => service.ServiceType == typeof(TokenProviderRegistry)))
            return new TokenAuthBuilder(services);

        services.AddOptions<TokenAuthStartup>().ValidateOnStart();
        services.AddSingleton<StartWarnings>();
        services.AddSingleton<SharedPrimaryHandlers>();
        services.AddTransient<IOptionsFactory<TokenAuthStartup>, TokenAuthStartupFactory>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<TokenAuthStartup>, TokenProvidersValidator>()
        );
        foreach (var kind in BuiltInKinds.All)
            kind.AddTo(services);
        services.AddSingleton<TokenProviderRegistry>();

        // Any key: names ignore case, and an unknown one gets an error that lists the known ones.
        services.AddKeyedSingleton<ITokenProvider>(
            KeyedService.AnyKey,
            static (provider, key) => provider.GetRequiredService<TokenProviderRegistry>().Get(key?.ToString() ?? "")
        );
        services.AddUnkeyedProvider();
        services.AddSingleton(static provider => new TenantSweep(
            provider.GetService<TimeProvider>() ?? TimeProvider.System
        ));
        services.AddSingleton<ITokenTenants, TokenTenants>();

        services.AddTokenClient();
        StartedChecks.Register(services);

        return new TokenAuthBuilder(services);
    }

    /// <summary>
    /// The same, and registers every child of a configuration section as a provider: the child's key is its name, its value
    /// <c>Provider</c> says which kind it is (<c>VkCloud</c>, <c>AzureSpeech</c>, <c>StaticToken</c> or <c>SpeechTokenEndpoint</c>), and its other values are
    /// that kind's options, or <c>Token</c> for a static token.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A child <c>Store</c> without <c>Provider</c> names the store; TokenAuth reads it once, at the start. <c>Kind</c> is <c>File</c>,
    /// <c>Postgres</c> or <c>Redis</c>, and the store's options stand beside it. For the last two the application also calls that package's
    /// <c>UsePostgresStore()</c> or <c>UseRedisStore()</c>.
    /// </para>
    /// <para>
    /// Names, kinds and settings ignore case; an <see cref="IConfigureNamedOptions{TOptions}"/> of the application gets the name as the
    /// section has it. A setting that the kind does not have stops the start, as a wrong value does.
    /// </para>
    /// <para>
    /// A provider starts anew when its values change. It logs wrong values and goes on with the last good ones. A child that you add later needs a
    /// restart.
    /// </para>
    /// <para>
    /// The same section again changes nothing. A name that is registered in code too stops the start. To set more of a child's
    /// options in code, for example in a test, configure them under the child's name:
    /// <c>services.Configure&lt;VkCloudOptions&gt;("voice", …)</c>.
    /// </para>
    /// </remarks>
    /// <param name="configuration">The section, for example <c>builder.Configuration.GetSection("TokenAuth")</c>.</param>
    public static TokenAuthBuilder AddTokenAuth(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration is null)
            throw new ArgumentNullException(nameof(configuration));

        var builder = services.AddTokenAuth();
        if (services.Any(service => service.ServiceType == typeof(ProviderSection) && IsOf(service, configuration)))
            return builder;

        services.AddSingleton(new ProviderSection(configuration));
        services.AddStoreOfSection();

#if NET
        return FileStoreKind.Kind.UseOfSection(builder);
#else
        return builder;
#endif
    }

    private static bool IsOf(ServiceDescriptor service, IConfiguration configuration) =>
        ((ProviderSection)service.ImplementationInstance!).IsOf(configuration);
}
