namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Collects providers and a store; see <see cref="TokenAuthServiceCollectionExtensions.AddTokenAuth(IServiceCollection)"/>.</summary>
public sealed class TokenAuthBuilder
{
    internal TokenAuthBuilder(IServiceCollection services) => Services = services;

    /// <summary>The container's services, to which everything is added.</summary>
    public IServiceCollection Services { get; }
}
