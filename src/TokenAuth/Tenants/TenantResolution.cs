namespace TokenAuth;

/// <summary>A tenant on its way into memory, or out of it: any number of callers wait for it.</summary>
internal sealed class TenantResolution
{
    private readonly TaskCompletionSource<Tenant?> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the tenant was forgotten meanwhile: its waiters look again.</summary>
    public bool IsOvertaken { get; set; } // written under the gate of TenantProviders, before it completes

    /// <summary>Null: the resolver knows no such tenant, or it was forgotten.</summary>
    public Task<Tenant?> Completed => _completed.Task;

    public void Complete(Tenant? tenant) => _completed.TrySetResult(tenant);

    public void Fail(Exception exception)
    {
        if (IsOvertaken)
            _completed.TrySetResult(null);
        else if (_completed.TrySetException(exception))
            _ = _completed.Task.Exception; // seen: its callers may all have left
    }
}
