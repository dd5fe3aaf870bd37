namespace TokenAuth.TestKit;

/// <summary>Hands out one token after the other; a refused current one makes way for the next, the last one stays.</summary>
public sealed class FakeTokenProvider(params string[] tokens) : ITokenProvider
{
    private readonly AccessToken[] _tokens = [.. tokens.Select(token => new AccessToken(token))];
    private readonly List<string> _refused = []; // guarded by itself
    private int _current;
    private int _asked; // through Interlocked

    public Func<CancellationToken, Task>? Before { get; set; }

    public Action OnRefused { get; init; } = () => { };

    public int Asked => Volatile.Read(ref _asked);

    public IReadOnlyList<string> Refused
    {
        get
        {
            lock (_refused)
                return [.. _refused];
        }
    }

    private AccessToken Current => _tokens[Volatile.Read(ref _current)];

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);

        return Before is null ? new(Current) : ObtainAsync(Before, cancellationToken);
    }

    public void Invalidate(AccessToken rejected)
    {
        lock (_refused)
        {
            _refused.Add(rejected.Value);
            if (ReferenceEquals(rejected, Current) && _current < _tokens.Length - 1)
                Volatile.Write(ref _current, _current + 1);
        }
        OnRefused();
    }

    private async ValueTask<AccessToken> ObtainAsync(
        Func<CancellationToken, Task> before,
        CancellationToken cancellationToken
    )
    {
        await before(cancellationToken);

        return Current;
    }
}
