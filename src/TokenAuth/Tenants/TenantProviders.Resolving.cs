namespace TokenAuth;

/// <content>Asks for a tenant: one resolution at a time, which all who ask for it wait for.</content>
internal sealed partial class TenantProviders
{
    private TenantResolution Begin(string tenant, out bool isFirst)
    {
        lock (_gate)
        {
            if (_isDisposed)
                throw new ObjectDisposedException(ToString());

            isFirst = false;
            if (_tenants.TryGetValue(tenant, out var known))
            {
                var done = new TenantResolution();
                done.Complete(known);
                return done;
            }

            if (_resolutions.TryGetValue(tenant, out var under))
                return under;

            isFirst = true;
            return _resolutions[tenant] = new TenantResolution();
        }
    }

    // No caller's ExecutionContext goes with work that serves many.
    private void Start(string tenant, TenantResolution resolution) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static state =>
            {
                var (all, tenant, resolution) = ((TenantProviders, string, TenantResolution))state!;
                _ = all.ResolveAsync(tenant, resolution);
            },
            (this, tenant, resolution)
        );

    private async Task ResolveAsync(string tenant, TenantResolution resolution)
    {
        try
        {
            resolution.Enter();
            var provider = await _resolver.ResolveAsync(tenant, _ended).ConfigureAwait(false);
            var found = provider is null ? null : new Tenant(this, tenant, provider);
            var isIn = End(tenant, resolution, found);
            if (!isIn && found is not null)
                found.End();

            resolution.Complete(isIn ? found : null);
        }
#pragma warning disable CA1031 // whatever a resolver throws is its callers'
        catch (Exception exception)
#pragma warning restore CA1031
        {
            End(tenant, resolution);
            resolution.Fail(_ended.IsCancellationRequested ? new ObjectDisposedException(ToString()) : Told(exception));
        }
    }

    // To whoever has a provider, ObjectDisposedException says that the provider has ended for good.
    private Exception Told(Exception exception) =>
        exception is ObjectDisposedException
            ? new InvalidOperationException(
                $"The tenant resolver of token provider '{Name}' threw ObjectDisposedException, which is the inner exception: it uses something that ended "
                    + "with another scope. Take what it needs from the services that it is given.",
                exception
            )
            : exception;

    /// <summary>The resolution is over. True when the tenant is in memory.</summary>
    private bool End(string tenant, TenantResolution resolution, Tenant? found = null)
    {
        TimeSpan due;
        lock (_gate)
        {
            if (_resolutions.TryGetValue(tenant, out var under) && ReferenceEquals(under, resolution))
                _resolutions.Remove(tenant);
            if (_isDisposed)
                resolution.IsOvertaken = true; // its callers look again, and are told
            if (found is null || resolution.IsOvertaken)
                return false;

            Add_NeedsLock(found);
            due = _places.Count > _options.Capacity || _options.IdleTimeout < Pause ? Pause : _options.IdleTimeout;
        }

        _sweep.Arm(due);

        return true;
    }
}
