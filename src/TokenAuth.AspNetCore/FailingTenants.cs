namespace TokenAuth;

/// <summary>The tenants whose resolver fails, by their names as messages show them: each outage is logged once.</summary>
internal sealed class FailingTenants
{
    // A database that is down fails all of them: beyond these, neither the log nor the memory grows.
    private const int Most = 100;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal); // its own lock
    private volatile bool _isEmpty = true;

    public bool IsEmpty => _isEmpty;

    /// <summary>Whether an outage begins that is to be logged.</summary>
    public bool Begin(string name)
    {
        lock (_names)
        {
            _isEmpty = false;
            return _names.Count < Most && _names.Add(name);
        }
    }

    public void End(string name)
    {
        lock (_names)
        {
            _names.Remove(name);
            _isEmpty = _names.Count == 0;
        }
    }
}
