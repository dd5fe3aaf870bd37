using System.Transactions;
using Npgsql;

namespace TokenAuth;

/// <summary>The source of sessions: a pool of the store's own, or the application's, which the store leaves alone.</summary>
internal sealed class PostgresSessions : IDisposable, IAsyncDisposable
{
    private const int LongestIdleSeconds = 60;
    private const int KeepAliveSeconds = 30;
    private const int LargestPool = 100;

    private readonly NpgsqlDataSource _dataSource;
    private readonly PostgresHosts? _hosts; // of our own pool, where there are several
    private readonly bool _isOwn;

    private PostgresSessions(
        NpgsqlConnectionStringBuilder settings,
        NpgsqlDataSource dataSource,
        PostgresHosts? hosts,
        bool isOwn
    )
    {
        _dataSource = dataSource;
        _hosts = hosts;
        _isOwn = isOwn;
        PreparesAutomatically = settings.MaxAutoPrepare > 0;
        HasSeveralHosts = PostgresHosts.AreSeveral(settings);
        PoolSize = settings.MaxPoolSize;
    }

    /// <summary>The most connections that there are at once.</summary>
    public int PoolSize { get; }

    /// <summary>True when a session may be asked for a statement that another session has prepared.</summary>
    public bool PreparesAutomatically { get; }

    /// <summary>True when another host may take the write that this one refuses, now or when it has been promoted.</summary>
    public bool HasSeveralHosts { get; }

    /// <summary>The number of times that work is tried until it meets a session that lives.</summary>
    /// <remarks>Our own pool is empty after the first. An application's may be full of dead ones, which cost no time.</remarks>
    public int Attempts => _isOwn ? 2 : LargestPool;

    /// <exception cref="ArgumentException">The connection string cannot be read; the message does not repeat it.</exception>
    public static PostgresSessions Own(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);

        var settings = Settings(connectionString);
        if (PostgresHosts.ObjectionTo(settings) is { } objection)
            throw new ArgumentException(objection, nameof(connectionString));

        var hosts = PostgresHosts.AreSeveral(settings) ? new PostgresHosts(settings) : null;

        return new PostgresSessions(
            settings,
            hosts?.DataSource ?? new NpgsqlDataSourceBuilder(settings.ConnectionString).Build(),
            hosts,
            isOwn: true
        );
    }

    public static PostgresSessions Of(NpgsqlDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);

        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);

        return new PostgresSessions(settings, PostgresHosts.Writing(dataSource, settings), hosts: null, isOwn: false);
    }

    public async Task<PostgresSession> OpenAsync(CancellationToken cancellationToken)
    {
        // An application's data source would enlist the session in the application's transaction, whose end is not the store's.
        using var outside = new TransactionScope(
            TransactionScopeOption.Suppress,
            TransactionScopeAsyncFlowOption.Enabled
        );
        try
        {
            return new(await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (NpgsqlException) when (_hosts is not null)
        {
            _hosts.ForgetStates();

            return new(await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>Removes a dead or read-only session from the pool.</summary>
    public async Task DiscardAsync(PostgresSession session, Exception cause, CancellationToken cancellationToken)
    {
        if (_isOwn)
        {
            _dataSource.Clear();
            _hosts?.ForgetStates();
        }
        else if (PostgresErrors.IsReadOnly(cause))
        {
            await EndAsync(session.Connection, cancellationToken).ConfigureAwait(false);
        }
        // The driver closes by itself what it saw break.
    }

    public void Dispose()
    {
        if (!_isOwn)
            return;

        _dataSource.Dispose();
        _hosts?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isOwn)
            return;

        await _dataSource.DisposeAsync().ConfigureAwait(false);
        _hosts?.Dispose();
    }

    internal static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString)
            {
                // The store leaves no session state to reset, and behind PgBouncer a reset would hit another session.
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
