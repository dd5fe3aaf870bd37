namespace TokenAuth.Testing;

/// <summary>One streaming recognition.</summary>
internal sealed class VkVoiceTask(DateTimeOffset createdAt)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private DateTimeOffset _lastChunkAt = createdAt; // guarded by _gate
    private int _chunks; // guarded by _gate
    private bool _ended; // guarded by _gate

    public string Id { get; } = Guid.NewGuid().ToString();

    public string Token { get; } = RandomText.QueryId() + RandomText.QueryId();

    public int Chunks
    {
        get
        {
            lock (_gate)
                return _chunks;
        }
    }

    /// <summary>The moment at which the task ends unless another chunk comes.</summary>
    public DateTimeOffset EndsAt
    {
        get
        {
            lock (_gate)
                return _lastChunkAt + s_patience;
        }
    }

    /// <summary>The interval between chunks must not exceed five seconds.</summary>
    public bool IsDone(DateTimeOffset now)
    {
        lock (_gate)
            return _ended || now - _lastChunkAt > s_patience;
    }

    /// <summary>Chunks come one after the other, counted from 1.</summary>
    public bool TryAdd(int number, bool isLast, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_ended || now - _lastChunkAt > s_patience || number != _chunks + 1)
                return false;

            _chunks = number;
            _ended = isLast;
            _lastChunkAt = now;
            return true;
        }
    }
}
