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

        services.AddOptions<TokenAuthStartup>().ValidateOnStart();

        return new TokenAuthBuilder(services);
    }
}
