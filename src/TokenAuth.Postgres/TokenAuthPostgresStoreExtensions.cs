using Npgsql;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the PostgreSQL store.</summary>
public static class TokenAuthPostgresStoreExtensions
{
    /// <summary>
    /// Keeps the grants of every provider, except those from <c>AddProvider</c>, in a table that a fleet shares. Without
    /// <see cref="TokenStoreOptions.EncryptionKey"/> or <see cref="TokenStoreOptions.AllowUnencrypted"/> the application does
    /// not start. It does start while the database is unavailable.
    /// </summary>
    /// <exception cref="ArgumentException">The connection string is empty.</exception>
    public static TokenAuthBuilder UsePostgresStore(
        this TokenAuthBuilder builder,
        string connectionString,
        Action<PostgresTokenStoreOptions>? configure = null
    )
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            throw new ArgumentException(
                "UsePostgresStore was given no connection string. Is it configured? GetConnectionString returns null for a name that is not.",
                nameof(connectionString)
            );

        return PostgresStoreKind.Kind.Use(builder, connectionString, configure);
    }

    /// <summary>
    /// Takes the store from the section that the application gives to <c>AddTokenAuth</c>: <c>Store:Kind</c> is <c>Postgres</c>, and <c>ConnectionString</c> and the
    /// options stand beside it. If no section names the store, the application does not start.
    /// </summary>
    public static TokenAuthBuilder UsePostgresStore(this TokenAuthBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return PostgresStoreKind.Kind.UseOfSection(builder);
    }

    /// <summary>Keeps the grants in the same way through the application's own data source, which the application disposes.</summary>
    public static TokenAuthBuilder UsePostgresStore(
        this TokenAuthBuilder builder,
        NpgsqlDataSource dataSource,
        Action<PostgresTokenStoreOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(dataSource);

        return PostgresStoreKind.Kind.Use(
            builder,
            configure,
            (options, time, logs) => new PostgresTokenStore(dataSource, options, time, logs)
        );
    }
}
