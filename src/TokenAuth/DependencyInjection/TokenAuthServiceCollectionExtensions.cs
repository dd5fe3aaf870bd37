using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers TokenAuth.</summary>
public static class TokenAuthServiceCollectionExtensions
{
    /// <summary>
    /// Starts the registration of token providers. May be called again: there is one registry and one store a container.
    /// </summary>
    public static TokenAuthBuilder AddTokenAuth(this IServiceCollection services)
    {
        if (services is null)
            throw new ArgumentNullException(nameof(services));
        if (services.Any(service => service.ServiceType == typeof(TokenProviderRegistry)))
            return new TokenAuthBuilder(services);

        services.AddOptions<TokenAuthStartup>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<TokenAuthStartup>, TokenProvidersValidator>()
        );
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<VkCloudOptions>, VkCloudOptionsValidator>()
        );
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<AzureSpeechOptions>, AzureSpeechOptionsValidator>()
        );
        services.AddSingleton<TokenProviderRegistry>();

        // Any key: names ignore case, and an unknown one gets an error that lists the known ones.
        services.AddKeyedSingleton<ITokenProvider>(
            KeyedService.AnyKey,
            static (provider, key) => provider.GetRequiredService<TokenProviderRegistry>().Get(key?.ToString() ?? "")
        );
        TokenClient.Register(services);

        return new TokenAuthBuilder(services);
    }
}
