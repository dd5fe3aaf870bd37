namespace TokenAuth;

/// <summary>The tenants that somebody keeps fresh, and that stay in memory for it.</summary>
internal sealed class TenantWatches
{
    private readonly object _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal); // guarded by _gate

    public bool Has(string tenant)
    {
        lock (_gate)
            return _counts.ContainsKey(tenant);
    }

    /// <summary>Keeps a tenant in memory until the result is disposed.</summary>
    public IDisposable Begin(string tenant)
    {
        lock (_gate)
            _counts[tenant] = _counts.TryGetValue(tenant, out var count) ? count + 1 : 1;

        return new Watch(this, tenant);
    }

    private void End(string tenant)
    {
        lock (_gate)
            if (_counts.TryGetValue(tenant, out var count) && count > 1)
                _counts[tenant] = count - 1;
            else
                _counts.Remove(tenant);
    }

    private sealed class Watch(TenantWatches all, string tenant) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                all.End(tenant);
        }
    }
}
