namespace TokenAuth.Benchmarks;

/// <summary>The stores that processes share, by the names that the report gives them.</summary>
internal static class FleetStore
{
    public const string File = "file";
    public const string Postgres = "PostgreSQL";
    public const string Redis = "Redis";

    /// <param name="name">One of the three.</param>
    /// <param name="address">A directory, a connection string or a configuration.</param>
    /// <param name="encryptionKey">As the store's options take it.</param>
    public static ITokenStore Open(string name, string address, string encryptionKey) =>
        name switch
        {
            File => new FileTokenStore(
                new FileTokenStoreOptions { Directory = address, EncryptionKey = encryptionKey }
            ),
            Postgres => new PostgresTokenStore(
                address,
                new PostgresTokenStoreOptions { EncryptionKey = encryptionKey }
            ),
            Redis => new RedisTokenStore(address, new RedisTokenStoreOptions { EncryptionKey = encryptionKey }),
            _ => throw new ArgumentException($"No store is called '{name}'.", nameof(name)),
        };
}
