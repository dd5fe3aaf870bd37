using Microsoft.Extensions.Logging;

namespace TokenAuth.TestKit;

/// <summary>A store in memory that keeps the whole contract, leases and sealing included.</summary>
public sealed class MemoryTokenStore(
    MemoryRecords records,
    TokenStoreOptions options,
    TimeProvider timeProvider,
    ILoggerFactory loggerFactory
) : ITokenStore
{
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);
    private static readonly Action<ILogger, string, Exception?> _setAside = LoggerMessage.Define<string>(
        LogLevel.Warning,
        new EventId(1),
        "The token record {Key} is damaged and was set aside in memory."
    );

    private readonly TokenRecordSealer _sealer = new(options);
    private readonly ILogger _logger = loggerFactory.CreateLogger(nameof(MemoryTokenStore));

    private int _attempts; // through Interlocked

    /// <summary>How often a lease was asked for, by whoever waits for one included.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        TokenStoreKey.Validate(key);
        cancellationToken.ThrowIfCancellationRequested();
        var place = records.For(key);
        lock (place)
            return new ValueTask<TokenRecord?>(OpenOrSetAside(key, place));
    }

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        TokenStoreKey.Validate(key);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(key) is { } lease)
                return lease;

            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }
    }

    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        await using var lease = await AcquireLeaseAsync(key, cancellationToken);
        var place = records.For(key);
        lock (place)
            (place.Content, place.Damaged, place.Version, place.IsRemoved) = (null, null, new object(), true);
    }

    private Lease? TryAcquire(string key)
    {
        Interlocked.Increment(ref _attempts);
        var place = records.For(key);
        lock (place)
        {
            var now = timeProvider.GetUtcNow();
            if (place.Holder is not null && now - place.HeldSince < _lease)
                return null;

            var lease = new Lease(this, key, place, place.Version, OpenOrSetAside(key, place));
            (place.Holder, place.HeldSince) = (lease, now);

            return lease;
        }
    }

    private TokenRecord? OpenOrSetAside(string key, MemoryRecords.Place place)
    {
        try
        {
            return place.Content is null ? null : _sealer.Open(key, place.Content);
        }
        catch (InvalidDataException)
        {
            (place.Damaged, place.Content) = (place.Content, null);
            _setAside(_logger, key, null);

            return null;
        }
    }

    private sealed class Lease(
        MemoryTokenStore store,
        string key,
        MemoryRecords.Place place,
        object version,
        TokenRecord? record
    ) : ITokenLease
    {
        private object _version = version;

        public TokenRecord? Record { get; private set; } = record;

        public ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var content = store._sealer.Seal(key, record);
            lock (place)
            {
                if (place.Version != _version || (place.Holder is not null && place.Holder != this))
                    throw new TokenStoreException(Cause());

                (place.Content, place.Version, place.IsRemoved) = (content, _version = new object(), false);
                Record = record;
            }

            return default;
        }

        private string Cause() =>
            place.IsRemoved && place.Version != _version
                ? $"The record {key} was not written: it was removed after it had been leased, and stays removed."
            : place.Version != _version
                ? $"The record {key} was written by another process after this one's lease had ended; the newer record stays."
            : $"The record {key} was not written: this process's lease has ended, and another process holds the lease now.";

        public ValueTask DisposeAsync()
        {
            lock (place)
                if (place.Holder == this)
                    place.Holder = null;

            return default;
        }
    }
}
