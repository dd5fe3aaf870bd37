using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Puts a store into a container, with what checks it and what makes it when the host starts.</summary>
internal static class StoreRegistration
{
    /// <summary>A store that code says.</summary>
    public static void AddStore(this IServiceCollection services, Func<IServiceProvider, ITokenStore> factory)
    {
        services.AddSingleton(factory);
        services.AddStoreCheck();
    }

    /// <summary>The store that a section may name. A store registered in code wins whatever the order; having both stops the start.</summary>
    public static void AddStoreOfSection(this IServiceCollection services)
    {
        services.AddStoreCheck();
        services.TryAddSingleton(StoreSection.Factory);
    }

    public static void AddStoreCheck(this IServiceCollection services)
    {
        services.TryAddSingleton<StoreSection>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<TokenAuthStartup>, TokenStoreStartup>(
                provider => new TokenStoreStartup(provider, services)
            )
        );
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StoreStart>());
    }

    /// <summary>The number of stores that code has registered.</summary>
    public static int CountStores(this IServiceCollection services) =>
        services.Count(service =>
            service.ServiceType == typeof(ITokenStore)
            && !service.IsKeyedService
            && !ReferenceEquals(service.ImplementationFactory, StoreSection.Factory)
        );
}
