namespace TokenAuth;

/// <summary>A tenant on its way out of memory. Calls that forget it at the same time share it, and its callers wait until the last of these calls has ended.</summary>
internal sealed class TenantLeaving : TenantResolution
{
    private readonly Tenant? _left;
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isEnding;

    /// <param name="left">The tenant; null when it was not in memory.</param>
    public TenantLeaving(Tenant? left)
    {
        _left = left;
        IsOvertaken = true;
    }

    /// <summary>The calls that have not ended.</summary>
    public int Calls { get; set; } // guarded by the gate of TenantProviders

    /// <summary>Ends the tenant's provider, once for all calls: a removal must wait for a grant that is still being stored.</summary>
    public async Task EndProviderAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 1)
        {
            await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            if (_left is not null)
                await _left.EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _ended.TrySetResult(true);
        }
    }
}
