namespace TokenAuth;

/// <summary>The failures of one kind by their tenants, as messages show these; each is logged once. One that has not recurred for an hour is over.</summary>
internal sealed class SpeechTokenOutages(TimeProvider time)
{
    // A database that is down fails all tenants: beyond these, neither the log nor the memory grows.
    private const int Most = 100;

    private static readonly TimeSpan _longestPause = TimeSpan.FromHours(1);

    private readonly Dictionary<string, long> _lastFailures = new(StringComparer.Ordinal); // timestamps; its own lock
    private volatile bool _isEmpty = true;

    public bool IsEmpty => _isEmpty;

    /// <summary>Notes a failure. True when it begins an outage that is to be logged.</summary>
    public bool Begin(string tenant)
    {
        var now = time.GetTimestamp();
        lock (_lastFailures)
        {
            RemoveOld_NeedsLock(now);
            var isNew = !_lastFailures.ContainsKey(tenant);
            if (isNew && _lastFailures.Count == Most)
                return false;

            _lastFailures[tenant] = now;
            _isEmpty = false;

            return isNew;
        }
    }

    /// <summary>True when an outage ends that was logged.</summary>
    public bool End(string tenant)
    {
        lock (_lastFailures)
        {
            var ends = _lastFailures.Remove(tenant);
            _isEmpty = _lastFailures.Count == 0;

            return ends;
        }
    }

    private void RemoveOld_NeedsLock(long now)
    {
        foreach (var (tenant, lastFailure) in _lastFailures)
            if (time.GetElapsedTime(lastFailure, now) >= _longestPause)
                _lastFailures.Remove(tenant);
    }
}
