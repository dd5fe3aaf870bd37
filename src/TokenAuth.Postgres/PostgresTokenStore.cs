using System.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace TokenAuth;

/// <summary>
/// Keeps grants in a table, sealed. All processes that use the same table, on any number of machines, renew a grant once between
/// them. Works behind a PgBouncer that pools transactions.
/// </summary>
public sealed class PostgresTokenStore : ITokenStore, IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _restart = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _dataSource;
    private readonly bool _ownsDataSource;
    private readonly PostgresDatabase _database;
    private readonly PostgresStatements _statements;
    private readonly TokenRecordSealer _sealer;
    private readonly ILogger _logger;

    /// <summary>Checks the options; nothing is sent before the first use. Disposing closes the store's connections.</summary>
    /// <exception cref="ArgumentException">
    /// The connection string is wrong, or the options are: no <see cref="TokenStoreOptions.EncryptionKey"/> and no
    /// <see cref="TokenStoreOptions.AllowUnencrypted"/>, a key that is not 32 bytes in base64, a name that is no identifier.
    /// </exception>
    public PostgresTokenStore(
        string connectionString,
        PostgresTokenStoreOptions options,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
        : this(OwnDataSource(connectionString), options, timeProvider, loggerFactory) => _ownsDataSource = true;

    /// <summary>Uses the application's data source, which stays the application's to dispose.</summary>
    /// <exception cref="ArgumentException">
    /// The options are wrong: no <see cref="TokenStoreOptions.EncryptionKey"/> and no
    /// <see cref="TokenStoreOptions.AllowUnencrypted"/>, a key that is not 32 bytes in base64, a name that is no identifier.
    /// </exception>
    public PostgresTokenStore(
        NpgsqlDataSource dataSource,
        PostgresTokenStoreOptions options,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(options);
        var result = new PostgresTokenStoreOptionsValidator().Validate(null, options);
        if (result.Failed)
            throw new ArgumentException(result.FailureMessage, nameof(options));

        _dataSource = dataSource;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<PostgresTokenStore>();
        _database = new PostgresDatabase(dataSource, options, timeProvider ?? TimeProvider.System, _logger);
        _statements = new PostgresStatements(_database.Table, options);
        _sealer = new TokenRecordSealer(options);
    }

    /// <inheritdoc/>
    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);

        return await _database
            .RunAsync(
                async (connection, token) =>
                {
                    var row = await _statements.ReadAsync(connection, key, token).ConfigureAwait(false);

                    return await OpenOrSetAsideAsync(connection, key, row, token).ConfigureAwait(false);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);

        var start = TimeProvider.System.GetTimestamp();

        // Asking again, not queueing in the database: a queue would hold a connection for each process that waits, and
        // notifications do not pass a pooling PgBouncer.
        for (var pause = _firstPause; ; pause = Longer(pause))
        {
            try
            {
                var lease = await _database
                    .RunAsync((connection, token) => TryAcquireAsync(connection, key, token), cancellationToken)
                    .ConfigureAwait(false);
                if (lease is not null)
                    return lease;
            }
            catch (TokenStoreException e)
                when (e.InnerException is NpgsqlException { IsTransient: true }
                    && TimeProvider.System.GetElapsedTime(start) < _restart
                )
            {
                // Starting, or out of connections. A process that has just started too may have nothing but what is stored: to go on
                // without it would spend a refresh token.
            }

            // In real time on any clock: what is waited for is another process.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), TimeProvider.System, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var lease = await AcquireLeaseAsync(key, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
            await _database
                .RunAsync((connection, token) => _statements.RemoveAsync(connection, key, token), cancellationToken)
                .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsDataSource)
            _dataSource.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ownsDataSource ? _dataSource.DisposeAsync() : default;

    /// <summary>Writes in the lease's transaction, or without it where that has ended, and returns the new version.</summary>
    internal async Task<long> WriteAsync(
        string key,
        long version,
        TokenRecord record,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken
    )
    {
        var content = _sealer.Seal(key, record);
        if (ConnectionOf(transaction) is not { } leased)
            return await WriteLateAsync(key, version, content, cancellationToken).ConfigureAwait(false);

        try
        {
            var written = await _database
                .WithinLimitAsync(
                    async token =>
                    {
                        await using (leased.ConfigureAwait(false))
                        {
                            if (
                                !await _statements
                                    .TryWriteAsync(leased, key, version, content, token)
                                    .ConfigureAwait(false)
                            )
                                return false;
                            await transaction!.CommitAsync(token).ConfigureAwait(false);

                            return true;
                        }
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);

            return written ? version + 1 : throw Newer(key);
        }
        catch (Exception e) when (IsLoss(e))
        {
            // The lease ended or the database went away meanwhile; what the vendor granted must not be lost with them.
            return await WriteLateAsync(key, version, content, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives a lease back that wrote nothing.</summary>
    internal async Task EndAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await _database
                .WithinLimitAsync(
                    async token =>
                    {
                        if (ConnectionOf(transaction) is { } connection)
                            await using (connection.ConfigureAwait(false))
                                await transaction.CommitAsync(token).ConfigureAwait(false); // a damaged record set aside

                        return true;
                    },
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e))
        {
            // The session is gone, and the lease with it.
        }
    }

    // Null where the transaction has ended; the driver throws instead where it saw the connection break.
    private static NpgsqlConnection? ConnectionOf(NpgsqlTransaction? transaction)
    {
        try
        {
            return transaction?.Connection;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    // Also what the driver says of a connection that broke a moment ago.
    private static bool IsLoss(Exception e) => PostgresDatabase.IsFailure(e) || e is InvalidOperationException;

    private async Task<PostgresTokenLease?> TryAcquireAsync(
        NpgsqlConnection connection,
        string key,
        CancellationToken cancellationToken
    )
    {
        // Said, not left to the role's default: under a stricter level the read would show the state before the lock.
        var transaction = await connection
            .BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken)
            .ConfigureAwait(false);
        if (await _statements.TryLockAsync(connection, key, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            await transaction.RollbackAsync(cancellationToken).ConfigureAwait(false);

            return null;
        }

        var record = await OpenOrSetAsideAsync(connection, key, row, cancellationToken).ConfigureAwait(false);

        return new PostgresTokenLease(this, key, transaction, row.Version, record);
    }

    private async Task<TokenRecord?> OpenOrSetAsideAsync(
        NpgsqlConnection connection,
        string key,
        StoredRow row,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return row.Record is null ? null : _sealer.Open(key, row.Record);
        }
        catch (InvalidDataException e)
        {
            await _statements.SetAsideAsync(connection, key, row.Version, cancellationToken).ConfigureAwait(false);
            _logger.SetAside(key, _database.Table.Name, e.Message);

            return null;
        }
    }

    private Task<long> WriteLateAsync(string key, long version, byte[] content, CancellationToken cancellationToken) =>
        _database.RunAsync(
            async (connection, token) =>
            {
                if (await _statements.TryWriteAsync(connection, key, version, content, token).ConfigureAwait(false))
                    return version + 1;

                // A commit whose answer was lost may have written it after all.
                var row = await _statements.ReadAsync(connection, key, token).ConfigureAwait(false);

                return row.Record.AsSpan().SequenceEqual(content) ? row.Version : throw Newer(key);
            },
            cancellationToken
        );

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 < _longestPause ? pause * 1.5 : _longestPause;

    private static TokenStoreException Newer(string key) =>
        new(
            $"The record {key} was written by another process after this one's lease had ended; the newer record stays."
        );

    private static NpgsqlDataSource OwnDataSource(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);

        // Nothing is left in a session that a reset would have to undo, and behind PgBouncer the reset would meet another one.
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString)
            {
                NoResetOnClose = true,
                MaxAutoPrepare = 0,
                Enlist = false,
                CancellationTimeout = 500,
            };

            return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
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
}
