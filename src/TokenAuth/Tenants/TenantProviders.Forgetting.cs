namespace TokenAuth;

/// <content>Takes out tenants that left, or whose credential changed.</content>
internal sealed partial class TenantProviders
{
    /// <summary>Takes a tenant out of memory, and its grant out of the store if that is wanted.</summary>
    public async ValueTask ForgetAsync(string tenant, bool removeRecord, CancellationToken cancellationToken)
    {
        // Callers wait for the removal. Otherwise it could remove a grant that a new provider has just stored.
        var leaving = BeginLeaving(tenant);
        try
        {
            await leaving.EndProviderAsync(cancellationToken).ConfigureAwait(false);
            if (removeRecord && _store is not null)
                await _store.RemoveAsync(TenantStoreKey.For(Name, tenant), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            EndLeaving(tenant, leaving);
        }
    }

    private TenantLeaving BeginLeaving(string tenant)
    {
        lock (_gate)
        {
            _resolutions.TryGetValue(tenant, out var before);
            if (before is not TenantLeaving leaving)
            {
                before?.IsOvertaken = true;
                var left = _tenants.TryGetValue(tenant, out var known) && Remove_NeedsLock(known) ? known : null;
                _resolutions[tenant] = leaving = new TenantLeaving(left);
            }

            leaving.Calls++;

            return leaving;
        }
    }

    private void EndLeaving(string tenant, TenantLeaving leaving)
    {
        lock (_gate)
        {
            if (--leaving.Calls > 0)
                return;

            _resolutions.Remove(tenant);
        }

        leaving.Complete(null);
    }
}
