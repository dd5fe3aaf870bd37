namespace TokenAuth;

/// <content>Takes out tenants that left, or whose credential changed.</content>
internal sealed partial class TenantProviders
{
    private static readonly TimeSpan _removalLimit = GrantStore.LeaseLimit + TimeSpan.FromSeconds(2);

    /// <summary>Takes a tenant out of memory, and its grant out of the store if that is wanted.</summary>
    public async ValueTask ForgetAsync(string tenant, bool removeRecord, CancellationToken cancellationToken)
    {
        // Callers wait for the removal. Otherwise it could remove a grant that a new provider has just stored.
        var leaving = BeginLeaving(tenant);
        try
        {
            await leaving.EndProviderAsync(cancellationToken).ConfigureAwait(false);
            if (removeRecord && _store is not null)
                await RemoveRecordAsync(tenant, _store, cancellationToken).ConfigureAwait(false);
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

    // The tenant's callers wait for it: a store that does not answer must not keep them for ever.
    private async Task RemoveRecordAsync(string tenant, ITokenStore store, CancellationToken cancellationToken)
    {
        var removing = new TimeLimit(
            $"Removing the grant of a tenant of token provider '{Name}'",
            _removalLimit,
            _time
        );
        try
        {
            await removing
                .RunAsync(end => store.RemoveAsync(TenantStoreKey.For(Name, tenant), end).AsTask(), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeLimitException exception)
        {
            throw new TokenStoreException(
                $"{exception.Message} Check the token store, and forget the tenant again.",
                exception
            );
        }
    }
}
