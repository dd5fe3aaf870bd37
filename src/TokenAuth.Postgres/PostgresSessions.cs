using Npgsql;

namespace TokenAuth;

/// <summary>Where sessions come from: a pool of the store's own, or the application's, which the store leaves alone.</summary>
internal sealed class PostgresSessions(NpgsqlDataSource dataSource, bool isOwn) : IDisposable, IAsyncDisposable
{
    private const int LongestIdleSeconds = 60;
    private const int KeepAliveSeconds = 30;
    private const int LargestPool = 100;

    /// <summary>Whether a session may be asked for a statement that another session has prepared.</summary>
    public bool PreparesAutomatically { get; } =
        new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).MaxAutoPrepare > 0;

    /// <summary>How often work is tried until it meets a session that lives.</summary>
    /// <remarks>Our own pool is empty after the first. An application's may be full of dead ones, which cost no time.</remarks>
    public int Attempts => isOwn ? 2 : LargestPool;

    /// <exception cref="ArgumentException">The connection string cannot be read; the message does not repeat it.</exception>
    public static PostgresSessions Own(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);

        return new PostgresSessions(
            new NpgsqlDataSourceBuilder(Settings(connectionString).ConnectionString).Build(),
            isOwn: true
        );
    }

    public async Task<PostgresSession> OpenAsync(CancellationToken cancellationToken) =>
        new(await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Sees to it that nobody gets a session again that is dead or cannot write.</summary>
    public async Task DiscardAsync(PostgresSession session, Exception cause, CancellationToken cancellationToken)
    {
        if (isOwn)
            dataSource.Clear();
        else if (PostgresErrors.IsReadOnly(cause))
            await EndAsync(session.Connection, cancellationToken).ConfigureAwait(false);
        // The driver closes by itself what it saw break.
    }

    public void Dispose()
    {
        if (isOwn)
            dataSource.Dispose();
    }

    public ValueTask DisposeAsync() => isOwn ? dataSource.DisposeAsync() : default;

    internal static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString)
            {
                // Nothing is left in a session that a reset would have to undo, and behind PgBouncer the reset would meet another one.
                NoResetOnClose = true,
                MaxAutoPrepare = 0,
                Enlist = false,
                CancellationTimeout = 500,
                TcpKeepAlive = true,
                TcpKeepAliveTime = KeepAliveSeconds,
            };

            // Servers, poolers and routers end what is idle for longer, the latter without a word.
            settings.ConnectionIdleLifetime = Math.Min(settings.ConnectionIdleLifetime, LongestIdleSeconds);

            return settings;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Npgsql's message repeats what it could not read, which may be the password; so it is no inner exception either.
#pragma warning disable MA0054
            throw new ArgumentException(
                "The connection string of UsePostgresStore cannot be read; write it as 'Host=…;Database=…;Username=…;Password=…', not as a URL.",
                nameof(connectionString)
            );
#pragma warning restore MA0054
        }
    }

    // The driver has no way to close one pooled connection; the database has.
    private static async Task EndAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var end = new NpgsqlCommand("ROLLBACK; SELECT pg_terminate_backend(pg_backend_pid())", connection);
            await using (end.ConfigureAwait(false))
                await end.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresErrors.IsLostLease(e))
        {
            // It has ended.
        }
    }
}
