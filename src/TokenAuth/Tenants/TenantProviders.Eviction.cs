namespace TokenAuth;

/// <content>Who leaves memory: idle tenants, and about the least recently used ones beyond the capacity. Their grants stay in the store.</content>
internal sealed partial class TenantProviders
{
    private const int Few = 1_000;

    private static readonly TimeSpan _shortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(10);

    private int _most; // guarded by _gate: since the tables were last made smaller

    // Many tenants become idle one after the other: they are looked for together.
    private TimeSpan Pause =>
        _options.IdleTimeout < _shortestPause ? _shortestPause
        : _options.IdleTimeout > _longestPause ? _longestPause
        : _options.IdleTimeout;

    /// <summary>Lets idle tenants leave. How long until the next one may be idle; null when there is none.</summary>
    public TimeSpan? Sweep()
    {
        lock (_gate)
        {
            var now = Now;
            var (idle, oldest) = _places.IdleSince(now - (long)(_options.IdleTimeout.TotalSeconds * Frequency));
            var stays = false;
            foreach (var tenant in idle)
                if (MayLeave_NeedsLock(tenant))
                    Remove_NeedsLock(tenant);
                else
                    stays = true;

            Trim_NeedsLock(newest: null);
            Shrink_NeedsLock();
            if (_places.Count == 0)
                return null;

            var pause = Pause;
            var next = _options.IdleTimeout - TimeSpan.FromSeconds((now - (oldest ?? now)) / (double)Frequency);

            return stays || next < pause || _places.Count > _options.Capacity ? pause : next;
        }
    }

    private void Add_NeedsLock(Tenant tenant)
    {
        tenant.Touch();
        _tenants[tenant.Name] = tenant;
        _places.Add(tenant);
        _most = Math.Max(_most, _places.Count);
        Trim_NeedsLock(tenant);
    }

    private void Trim_NeedsLock(Tenant? newest)
    {
        while (_places.Count > _options.Capacity && _places.LeastRecentlyUsed(newest) is { } oldest)
            Remove_NeedsLock(oldest);
    }

    // The tables would keep the size of the busiest hour.
    private void Shrink_NeedsLock()
    {
        if (_most < Few || _places.Count > _most / 4)
            return;

        _most = _places.Count;
        _tenants = new(_tenants, StringComparer.Ordinal);
        _places.Shrink();
    }

    private bool Remove_NeedsLock(Tenant tenant)
    {
        if (!_tenants.TryRemove(tenant.Name, out _))
            return false;

        _places.Remove(tenant);
        tenant.Leave();

        return true;
    }

    private bool MayLeave_NeedsLock(Tenant tenant) => !_watches.Has(tenant.Name) && !tenant.IsBusy;
}
