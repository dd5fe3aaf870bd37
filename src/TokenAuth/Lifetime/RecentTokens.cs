using System.Diagnostics;

namespace TokenAuth;

/// <summary>The last so many tokens of which something was said. Not thread-safe: its owner's lock guards it.</summary>
internal sealed class RecentTokens(int capacity)
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private Queue<string>? _oldestFirst; // most providers never need it

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private HashSet<string>? _tokens;

    public void Add(AccessToken token)
    {
        _oldestFirst ??= new();
        _tokens ??= new(StringComparer.Ordinal);
        if (!_tokens.Add(token.Value))
            return;

        _oldestFirst.Enqueue(token.Value);
        if (_oldestFirst.Count > capacity)
            _tokens.Remove(_oldestFirst.Dequeue());
    }

    public bool Contains(AccessToken token) => _tokens is not null && _tokens.Contains(token.Value);
}
