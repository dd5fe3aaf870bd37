namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Collects providers and a store; see <see cref="TokenAuthServiceCollectionExtensions.AddTokenAuth(IServiceCollection)"/>.</summary>
public sealed class TokenAuthBuilder
{
    internal TokenAuthBuilder(IServiceCollection services) => Services = services;

    /// <summary>Where everything is registered.</summary>
    public IServiceCollection Services { get; }
}
