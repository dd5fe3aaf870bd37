using Microsoft.Extensions.DependencyInjection.Extensions;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The providers that a container gives without a name.</summary>
internal static class UnkeyedProvider
{
    private static readonly Func<IServiceProvider, ITokenProvider> _only = static provider =>
        provider.GetRequiredService<TokenProviderRegistry>().GetOnly();

    /// <summary>One is the only one there is; all are all that have a name, and the application's own.</summary>
    public static void AddUnkeyedProvider(this IServiceCollection services)
    {
        services.TryAddSingleton(_only);

        // The container's own enumeration would ask for the only one, which of several there is not.
        services.TryAddTransient<IEnumerable<ITokenProvider>>(provider =>
        {
            var named = provider.GetRequiredService<TokenProviderRegistry>().GetAll();

            return services.Any(IsOfTheApplication) ? [.. named, provider.GetRequiredService<ITokenProvider>()] : named;
        });
    }

    private static bool IsOfTheApplication(ServiceDescriptor service) =>
        service.ServiceType == typeof(ITokenProvider)
        && !service.IsKeyedService
        && !ReferenceEquals(service.ImplementationFactory, _only);
}
