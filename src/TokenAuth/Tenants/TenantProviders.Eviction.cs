namespace TokenAuth;

/// <content>Who leaves memory: idle tenants, and about the least recently used ones beyond the capacity. Their grants stay in the store.</content>
internal sealed partial class TenantProviders
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(10);

    /// <summary>Lets idle tenants leave. How long until the next one may be idle; null when there is none.</summary>
    public TimeSpan? Sweep()
    {
        lock (_gate)
        {
            var now = Now;
            var (idle, oldest) = _places.IdleSince(
                now - (long)(_options.IdleTimeout.TotalSeconds * _time.TimestampFrequency)
            );
            var stays = false;
            foreach (var tenant in idle)
                if (MayLeave_NeedsLock(tenant))
                    Remove_NeedsLock(tenant);
                else
                    stays = true;

            Trim_NeedsLock(newest: null);
            if (_places.Count == 0)
                return null;

            // Many tenants become idle one after the other: they are looked for together.
            var pause = TimeSpan.FromTicks(Math.Min(_longestPause.Ticks, _options.IdleTimeout.Ticks));
            var next = _options.IdleTimeout - _time.GetElapsedTime(oldest ?? now, now);

            return stays || next < pause ? pause : next;
        }
    }

    private void Add_NeedsLock(Tenant tenant)
    {
        tenant.Touch();
        _tenants[tenant.Name] = tenant;
        _places.Add(tenant);
        Trim_NeedsLock(tenant);
    }

    private void Trim_NeedsLock(Tenant? newest)
    {
        while (_places.Count > _options.Capacity && _places.LeastRecentlyUsed(newest) is { } oldest)
            Remove_NeedsLock(oldest);
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
