using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>
/// Keeps sealed grants in Redis. All processes that use the same server and key prefix, on any number of machines, share each renewal:
/// one of them renews a grant for all. If that process dies, the others wait at most 18 seconds. A failover may lose the last write.
/// </summary>
public sealed class RedisTokenStore : ITokenStore, IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _restart = TimeSpan.FromSeconds(5);

    private readonly RedisTokenStoreOptions _options;
    private readonly RedisConnection _connection;
    private readonly RedisRecords _records;
    private readonly RedisReturns _returns;

    /// <summary>Checks the options. The store sends nothing before the first use. Disposing closes the store's connection.</summary>
    /// <param name="configuration">As StackExchange.Redis reads it: <c>host:6379,password=…,ssl=true</c>.</param>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">
    /// The configuration is wrong, or the options are: no <see cref="TokenStoreOptions.EncryptionKey"/> and no
    /// <see cref="TokenStoreOptions.AllowUnencrypted"/>, a key that is not 32 bytes in base64, a prefix with spaces or braces.
    /// </exception>
    public RedisTokenStore(
        string configuration,
        RedisTokenStoreOptions options,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
        : this(new RedisConnection(RedisConfiguration.Parse(configuration)), options, timeProvider, loggerFactory) { }

    /// <summary>Uses the application's connection, with its time limits. The application disposes it.</summary>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">
    /// The options are wrong: no <see cref="TokenStoreOptions.EncryptionKey"/> and no
    /// <see cref="TokenStoreOptions.AllowUnencrypted"/>, a key that is not 32 bytes in base64, a prefix with spaces or braces.
    /// </exception>
    public RedisTokenStore(
        IConnectionMultiplexer connection,
        RedisTokenStoreOptions options,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
        : this(
            new RedisConnection(connection ?? throw new ArgumentNullException(nameof(connection))),
            options,
            timeProvider,
            loggerFactory
        )
    {
        var limit = (int)RedisExchange.Limit.TotalMilliseconds;
        if (connection.TimeoutMilliseconds > limit)
            LoggerFrom(loggerFactory).UsesSlowConnection(connection.TimeoutMilliseconds, limit);
    }

    private RedisTokenStore(
        RedisConnection connection,
        RedisTokenStoreOptions options,
        TimeProvider? timeProvider,
        ILoggerFactory? loggerFactory
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = new RedisTokenStoreOptionsValidator().Validate(null, options);
        if (result.Failed)
            throw new ArgumentException(result.FailureMessage, nameof(options));

        var logger = LoggerFrom(loggerFactory);
        var exchange = new RedisExchange(connection, options, timeProvider ?? TimeProvider.System, logger);
        _options = options;
        _connection = connection;
        _records = new RedisRecords(exchange, options, logger);
        _returns = new RedisReturns(exchange);
    }

    /// <inheritdoc/>
    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
        (await _records.ReadAsync(KeysOf(key), cancellationToken).ConfigureAwait(false)).Record;

    /// <inheritdoc/>
    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        var owner = new RedisOwner(KeysOf(key));
        try
        {
            var place = await WaitForLeaseAsync(owner, cancellationToken).ConfigureAwait(false);

            return new RedisTokenLease(_records, _returns, owner, place);
        }
        catch
        {
            owner.TryEnd();
            _returns.Begin(owner); // the server may have granted the lease although its response did not arrive
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var lease = (RedisTokenLease)await AcquireLeaseAsync(key, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
            await lease.RemoveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _returns.CompleteAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<RedisPlace> WaitForLeaseAsync(RedisOwner owner, CancellationToken cancellationToken)
    {
        long? failed = null; // since when: in a process that has just started, the first attempt takes longer than the wait

        // Asking again, not subscribing: a message of a dying holder never comes, and one more connection a process would wait for it.
        for (var pause = _firstPause; ; pause = Longer(pause))
        {
            try
            {
                if (
                    await _records.TryLeaseAsync(owner, GiveBackLateAsync, cancellationToken).ConfigureAwait(false) is
                    { } place
                )
                    return place;

                failed = null; // another process has it: the server works
            }
            catch (TokenStoreException e) when (RedisFailure.IsNotReady(e.InnerException))
            {
                // Starting, failing over, or slow. A process that has just started too may have nothing but what is stored: to go on
                // without it would spend a refresh token.
                failed ??= TimeProvider.System.GetTimestamp();
                if (TimeProvider.System.GetElapsedTime(failed.Value) >= _restart)
                    throw;
            }

            // In real time on any clock: what is waited for is another process.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), TimeProvider.System, cancellationToken)
                .ConfigureAwait(false);
        }

        // Until the wait or its lease has ended, a lease that is granted late is the one that this owner waits for or has.
        Task GiveBackLateAsync() => owner.HasEnded ? _returns.GiveBackAsync(owner) : Task.CompletedTask;
    }

    private RedisKeys KeysOf(string key) => new(_options.KeyPrefix, key);

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 < _longestPause ? pause * 1.5 : _longestPause;

    private static ILogger LoggerFrom(ILoggerFactory? loggerFactory) =>
        (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<RedisTokenStore>();
}
