using System.Globalization;

namespace TokenAuth.StoreWorker;

/// <summary>The store that the command line names; secrets come in the environment.</summary>
internal static class WorkerStore
{
    private static readonly string? _encryptionKey = Environment.GetEnvironmentVariable("WORKER_ENCRYPTION_KEY");

    private static readonly string? _server = Environment.GetEnvironmentVariable("WORKER_SERVER");

    public static ITokenStore Open(string address) => Open(address, _server);

    public static ITokenStore Open(string address, string? server) =>
        address.Split(':') switch
        {
            ["file", var directory] => new FileTokenStore(
                new FileTokenStoreOptions { Directory = directory, EncryptionKey = _encryptionKey }
            ),
            ["postgres", var table] => new PostgresTokenStore(
                server!,
                new PostgresTokenStoreOptions { Table = table, EncryptionKey = _encryptionKey }
            ),
            ["redis", var lease, var prefix] => new RedisTokenStore(
                server!,
                new RedisTokenStoreOptions
                {
                    KeyPrefix = prefix,
                    EncryptionKey = _encryptionKey,
                    Lease = TimeSpan.FromSeconds(int.Parse(lease, CultureInfo.InvariantCulture)),
                }
            ),
            _ => throw new InvalidOperationException($"'{address}' is no store."),
        };
}
