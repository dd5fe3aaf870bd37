using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a token store of one's own.</summary>
public static class TokenAuthStoreExtensions
{
    /// <summary>
    /// Keeps the grants of every provider, but not of those from <c>AddProvider</c>, in the store that <paramref name="factory"/>
    /// makes. There is one store a container: a second one stops the start. The store is made at the start, so a constructor that
    /// checks its options stops it too.
    /// </summary>
    public static TokenAuthBuilder UseStore(this TokenAuthBuilder builder, Func<IServiceProvider, ITokenStore> factory)
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (factory is null)
            throw new ArgumentNullException(nameof(factory));

        var services = builder.Services;
        services.AddSingleton(factory);
        services.AddStoreCheck();

        return builder;
    }
}
