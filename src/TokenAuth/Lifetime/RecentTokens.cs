using System.Diagnostics;

namespace TokenAuth;

/// <summary>The last so many tokens of which something was said. Not thread-safe: its owner's lock guards it.</summary>
internal sealed class RecentTokens(int capacity)
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly Queue<string> _oldestFirst = new();

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);

    public void Add(AccessToken token)
    {
        if (!_tokens.Add(token.Value))
            return;

        _oldestFirst.Enqueue(token.Value);
        if (_oldestFirst.Count > capacity)
            _tokens.Remove(_oldestFirst.Dequeue());
    }

    public bool Contains(AccessToken token) => _tokens.Contains(token.Value);
}
