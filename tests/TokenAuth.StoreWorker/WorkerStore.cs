namespace TokenAuth.StoreWorker;

/// <summary>The store that the command line names; secrets come in the environment.</summary>
internal static class WorkerStore
{
    private static readonly string? _encryptionKey = Environment.GetEnvironmentVariable("WORKER_ENCRYPTION_KEY");

    public static ITokenStore Open(string address) =>
        address.Split(':', 2) switch
        {
            ["file", var directory] => new FileTokenStore(
                new FileTokenStoreOptions { Directory = directory, EncryptionKey = _encryptionKey }
            ),
            ["postgres", var table] => new PostgresTokenStore(
                Environment.GetEnvironmentVariable("WORKER_POSTGRES")!,
                new PostgresTokenStoreOptions { Table = table, EncryptionKey = _encryptionKey }
            ),
            _ => throw new InvalidOperationException($"'{address}' is no store."),
        };
}
