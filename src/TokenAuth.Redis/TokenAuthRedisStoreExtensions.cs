using StackExchange.Redis;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the Redis store.</summary>
public static class TokenAuthRedisStoreExtensions
{
    /// <summary>
    /// Keeps the grants of every provider, except those from <c>AddProvider</c>, in a Redis that a fleet shares. Without
    /// <see cref="TokenStoreOptions.EncryptionKey"/> or <see cref="TokenStoreOptions.AllowUnencrypted"/> the application does
    /// not start. It does start while the server is unavailable.
    /// </summary>
    /// <param name="configuration">As StackExchange.Redis reads it: <c>host:6379,password=…,ssl=true</c>.</param>
    /// <exception cref="ArgumentException">The configuration is empty.</exception>
    public static TokenAuthBuilder UseRedisStore(
        this TokenAuthBuilder builder,
        string configuration,
        Action<RedisTokenStoreOptions>? configure = null
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);

        return RedisStoreKind.Kind.Use(builder, configuration, configure);
    }

    /// <summary>
    /// Takes the store from the section that the application gives to <c>AddTokenAuth</c>: <c>Store:Kind</c> is <c>Redis</c>, and <c>Configuration</c> and the
    /// options stand beside it. If no section names the store, the application does not start.
    /// </summary>
    public static TokenAuthBuilder UseRedisStore(this TokenAuthBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return RedisStoreKind.Kind.UseOfSection(builder);
    }

    /// <summary>
    /// Keeps the grants in the same way through the application's own connection, with its time limits. The application disposes it.
    /// </summary>
    public static TokenAuthBuilder UseRedisStore(
        this TokenAuthBuilder builder,
        IConnectionMultiplexer connection,
        Action<RedisTokenStoreOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(connection);

        return RedisStoreKind.Kind.Use(
            builder,
            configure,
            (options, time, logs) => new RedisTokenStore(connection, options, time, logs)
        );
    }
}
