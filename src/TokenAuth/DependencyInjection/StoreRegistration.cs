using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what makes the store of a container, from code or from a section, and what checks it.</summary>
internal static class StoreRegistration
{
    public static void AddStoreCheck(this IServiceCollection services)
    {
        services.TryAddSingleton<StoreSection>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<TokenAuthStartup>, TokenStoreStartup>(
                provider => new TokenStoreStartup(provider, services)
            )
        );
    }

    /// <summary>A store that code registers, before or after, goes first; both are an error at the start.</summary>
    public static void AddStoreOfSection(this IServiceCollection services)
    {
        services.AddStoreCheck();
#if NET
        FileStoreKind.Kind.AddTo(services);
#endif
        services.TryAddSingleton(StoreSection.Factory);
    }

    /// <summary>How many stores code has registered.</summary>
    public static int CountStores(this IServiceCollection services) =>
        services.Count(service =>
            service.ServiceType == typeof(ITokenStore)
            && !service.IsKeyedService
            && !ReferenceEquals(service.ImplementationFactory, StoreSection.Factory)
        );
}
