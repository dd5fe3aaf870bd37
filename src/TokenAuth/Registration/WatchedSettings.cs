using Microsoft.Extensions.Primitives;

namespace TokenAuth;

/// <summary>A provider's settings as the start found them good, and what shows and reads their changes since.</summary>
internal sealed class WatchedSettings<TOptions>
{
    private readonly Func<TOptions> _read;
    private readonly IReadOnlyList<Func<IChangeToken>> _changes;
    private readonly IChangeToken[] _sinceRead;

    public WatchedSettings(Func<TOptions> read, IReadOnlyList<Func<IChangeToken>> changes)
    {
        _read = read;
        _changes = changes;
        _sinceRead = [.. changes.Select(change => change())]; // before the reading, which a change may overtake
        Initial = read();
    }

    public TOptions Initial { get; }

    public bool HaveChanged => _sinceRead.Any(token => token.HasChanged);

    public TOptions Read() => _read();

    public IDisposable[] Watch(Action onChange) =>
        [.. _changes.Select(change => ChangeToken.OnChange(change, onChange))];
}
