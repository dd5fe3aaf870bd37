namespace TokenAuth.Testing;

/// <summary>
/// The tokens that a service issued, oldest first. It forgets each token a day after the token's end, so that an emulator can run
/// for months. Not safe for concurrent use: the service's gate guards it.
/// </summary>
internal sealed class IssuedTokens<T>(TimeProvider timeProvider, Func<T, DateTimeOffset> endOf)
    where T : class
{
    private static readonly TimeSpan s_keptAfterEnd = TimeSpan.FromDays(1);

    private readonly Queue<(string Value, T Token)> _oldestFirst = new();
    private readonly Dictionary<string, T> _byValue = new(StringComparer.Ordinal);

    /// <summary>The number of all tokens issued so far, forgotten ones included.</summary>
    public int Count { get; private set; }

    public IEnumerable<T> Known => _oldestFirst.Select(issued => issued.Token);

    public void Add(string value, T token)
    {
        Forget();
        _oldestFirst.Enqueue((value, token));
        _byValue.Add(value, token);
        Count++;
    }

    public T? Find(string value) => _byValue.GetValueOrDefault(value);

    // A token with a longer life also keeps the tokens behind it.
    private void Forget()
    {
        var now = timeProvider.GetUtcNow();
        while (_oldestFirst.TryPeek(out var oldest) && now - endOf(oldest.Token) >= s_keptAfterEnd)
            _byValue.Remove(_oldestFirst.Dequeue().Value);
    }
}
