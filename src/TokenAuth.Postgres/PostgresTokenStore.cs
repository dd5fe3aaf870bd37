using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace TokenAuth;

/// <summary>
/// Keeps sealed grants in a table. All processes that use the same table, on any number of machines, share each renewal: one of
/// them renews a grant for all. The store works behind a PgBouncer that pools transactions.
/// </summary>
public sealed class PostgresTokenStore : ITokenStore, IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _restart = TimeSpan.FromSeconds(5); // of the database, and the wait for one of its connections

    private readonly PostgresSessions _sessions;
    private readonly PostgresDatabase _database;
    private readonly PostgresRecords _records;
    private readonly LeaseSlots _slots;

    /// <summary>Checks the options. The store sends nothing before the first use. Disposing closes the store's connections.</summary>
    /// <param name="connectionString">As Npgsql reads it: <c>Host=db;Database=app;Username=tokens;Password=…</c>.</param>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
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
        : this(PostgresSessions.Own(connectionString), options, timeProvider, loggerFactory) { }

    /// <summary>Uses the application's data source. The application disposes it.</summary>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
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
        : this(PostgresSessions.Of(dataSource), options, timeProvider, loggerFactory) { }

    private PostgresTokenStore(
        PostgresSessions sessions,
        PostgresTokenStoreOptions options,
        TimeProvider? timeProvider,
        ILoggerFactory? loggerFactory
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = new PostgresTokenStoreOptionsValidator().Validate(null, options);
        if (result.Failed)
            throw new ArgumentException(result.FailureMessage, nameof(options));

        _sessions = sessions;
        _slots = new LeaseSlots(sessions.PoolSize);
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<PostgresTokenStore>();
        _database = new PostgresDatabase(sessions, options, timeProvider ?? TimeProvider.System, logger);
        _records = new PostgresRecords(_database, new TokenRecordSealer(options), logger);
    }

    /// <inheritdoc/>
    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        TokenStoreKey.Validate(key);

        return await _database
            .RunReadAsync((session, token) => _records.ReadAsync(session, key, token), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        TokenStoreKey.Validate(key);

        long? failed = null; // since when: in a process that has just started, the first attempt takes longer than the wait

        // Poll; a queue in the database would hold one connection for each waiting process. Notifications do not pass a pooling PgBouncer.
        for (var pause = _firstPause; ; pause = Longer(pause))
        {
            try
            {
                if (await TryAcquireAsync(key, cancellationToken).ConfigureAwait(false) is { } lease)
                    return lease;

                failed = null; // another process has it: the database works
            }
            catch (TokenStoreException e) when (IsNotNow(e.InnerException))
            {
                // Starting, failing over, slow, or out of connections. A process that has just started too may have nothing but what is stored: to go
                // on without it would spend a refresh token.
                failed ??= TimeProvider.System.GetTimestamp();
                if (TimeProvider.System.GetElapsedTime(failed.Value) >= _restart)
                    throw;
            }

            // In real time on any clock: what is waited for is another process.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), TimeProvider.System, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var lease = (PostgresTokenLease)await AcquireLeaseAsync(key, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
            await lease.RemoveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _sessions.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    private async Task<PostgresTokenLease?> TryAcquireAsync(string key, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // the lease disposes it
        var slot = await _slots.TakeAsync(_restart, cancellationToken).ConfigureAwait(false);
#pragma warning restore CA2000
        PostgresTokenLease? lease = null;
        try
        {
            lease = await _database
                .RunAsync(
                    (session, token) => _records.TryAcquireAsync(session, key, slot, token),
                    cancellationToken,
                    tooLate: static late => late?.DisposeAsync() ?? default
                )
                .ConfigureAwait(false);

            return lease;
        }
        finally
        {
            if (lease is null)
                slot.Dispose();
        }
    }

    // Of several hosts a standby is about to be promoted; one that is alone does not become the primary by being waited for.
    private bool IsNotNow(Exception? e) =>
        PostgresErrors.IsNotNow(e) || (e is not null && _sessions.HasSeveralHosts && PostgresErrors.IsReadOnly(e));

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 < _longestPause ? pause * 1.5 : _longestPause;
}
