using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>The store's own connection, made at the first use, or the application's.</summary>
internal sealed class RedisConnection : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _looksApart = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly ConfigurationOptions? _configuration; // null: the connection is the application's
    private Task<IConnectionMultiplexer>? _connection; // guarded by _gate
    private bool _isDisposed; // guarded by _gate
    private long _lastLook; // a timestamp; through Interlocked

    public RedisConnection(ConfigurationOptions configuration)
    {
        _configuration = configuration;
        Addresses = AddressesOf(configuration.EndPoints);
    }

    public RedisConnection(IConnectionMultiplexer connection)
    {
        _connection = Task.FromResult(connection);
        Addresses = AddressesOf(connection.GetEndPoints(configuredOnly: true));
    }

    /// <summary>The addresses of the servers, for messages.</summary>
    public string Addresses { get; }

    /// <summary>True when the connection was made; the server may be out of reach at the moment.</summary>
    public bool IsMade
    {
        get
        {
            lock (_gate)
                return _connection is { IsCompletedSuccessfully: true };
        }
    }

    public Task<IConnectionMultiplexer> GetAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(RedisTokenStore));
            if (_connection is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                _connection = ConnectAsync(_configuration!);

            return _connection;
        }
    }

    /// <summary>
    /// Lets the store's own connection ask every server again which one is the primary, at most once a second. By itself the client learns
    /// of a replica that was promoted after a minute.
    /// </summary>
    public void LookForPrimary(IConnectionMultiplexer multiplexer)
    {
        var now = TimeProvider.System.GetTimestamp();
        var last = Interlocked.Read(ref _lastLook);
        if (
            _configuration is not null
            && (last == 0 || TimeProvider.System.GetElapsedTime(last, now) >= _looksApart)
            && Interlocked.CompareExchange(ref _lastLook, now, last) == last
        )
            _ = LookAsync(multiplexer);
    }

    public void Dispose()
    {
        if (!TryClose(out var connection))
            return;

        if (connection.IsCompletedSuccessfully)
            connection.Result.Dispose();
        else
            _ = DisposeAsync(connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (TryClose(out var connection))
            await DisposeAsync(connection).ConfigureAwait(false);
    }

    /// <summary>Lets nothing new begin; true with a connection that is the store's own to dispose.</summary>
    private bool TryClose([NotNullWhen(true)] out Task<IConnectionMultiplexer>? connection)
    {
        lock (_gate)
        {
            connection = _isDisposed || _configuration is null ? null : _connection;
            _isDisposed = true;
        }

        return connection is not null;
    }

    private static async Task DisposeAsync(Task<IConnectionMultiplexer> connection)
    {
        try
        {
            await (await connection.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            // It was never made.
        }
    }

    private static async Task LookAsync(IConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.ConfigureAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            // The next failure looks again.
        }
    }

    // The connection serves many callers: the first one's execution context is not for its timers to keep.
    private static Task<IConnectionMultiplexer> ConnectAsync(ConfigurationOptions configuration)
    {
        using (ExecutionContext.SuppressFlow())
            return Task.Run(async () =>
                (IConnectionMultiplexer)await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false)
            );
    }

    private static string AddressesOf(IEnumerable<EndPoint> endPoints) =>
        string.Join(", ", endPoints.Select(EndPointCollection.ToString));
}
