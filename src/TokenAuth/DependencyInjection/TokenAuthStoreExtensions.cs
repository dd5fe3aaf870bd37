using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a token store of the application's own.</summary>
public static class TokenAuthStoreExtensions
{
    /// <summary>
    /// Keeps the grants of every provider, except those from <c>AddProvider</c>, in the store that <paramref name="factory"/>
    /// makes. A container has one store: a second one stops the start. A host makes the store when it starts, so a constructor that
    /// checks its options stops the start too.
    /// </summary>
    public static TokenAuthBuilder UseStore(this TokenAuthBuilder builder, Func<IServiceProvider, ITokenStore> factory)
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (factory is null)
            throw new ArgumentNullException(nameof(factory));

        builder.Services.AddStore(factory);

        return builder;
    }
}
