namespace TokenAuth;

/// <summary>A tenant on its way into memory, or out of it: any number of callers wait for it.</summary>
internal class TenantResolution
{
    private static readonly object _waits = new(); // resolvers seldom wait for other tenants
    private static readonly AsyncLocal<Resolver?> _runs = new();

    private readonly TaskCompletionSource<Tenant?> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Resolver? _resolver; // written before it is asked
    private List<TenantResolution>? _waitsFor; // guarded by _waits

    /// <summary>True when the tenant was forgotten meanwhile: its waiters look again.</summary>
    public bool IsOvertaken { get; set; } // written under the gate of TenantProviders, before it completes

    /// <summary>Null: the resolver knows no such tenant, or it was forgotten.</summary>
    public Task<Tenant?> Completed => _completed.Task;

    /// <summary>Says that what runs from here on is the resolver of this tenant.</summary>
    public void Enter() => _runs.Value = _resolver = new Resolver { Of = this };

    /// <summary>Waits until it is complete.</summary>
    /// <exception cref="InvalidOperationException">A resolver would wait for itself, perhaps by way of others.</exception>
    public async Task<Tenant?> WaitAsync(string providerName, string tenant, CancellationToken cancellationToken)
    {
        if (_runs.Value?.Of is not { } waiting)
            return await Completed.WaitAsync(cancellationToken).ConfigureAwait(false);

        if (!TryBeginWait(waiting))
            throw new InvalidOperationException(
                $"The resolver of token provider '{providerName}' asks for tenant '{TenantName.Shown(tenant)}', whose resolution waits for it. Resolve a "
                    + "tenant without a token of its own."
            );

        try
        {
            return await Completed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_waits)
                waiting._waitsFor!.Remove(this);
        }
    }

    public void Complete(Tenant? tenant)
    {
        Leave();
        _completed.TrySetResult(tenant);
    }

    public void Fail(Exception exception)
    {
        Leave();
        if (IsOvertaken)
            _completed.TrySetResult(null);
        else if (_completed.TrySetException(exception))
            _ = _completed.Task.Exception; // seen: its callers may all have left
    }

    // A timer that the resolver started, such as a connection pool's, keeps its execution context for ever. Remove the tenant from it.
    private void Leave() => _resolver?.Of = null;

    /// <summary>Notes that a resolver waits for this tenant; false if this tenant waits for that resolver.</summary>
    private bool TryBeginWait(TenantResolution waiting)
    {
        lock (_waits)
        {
            if (LeadsTo_NeedsLock(waiting))
                return false;

            (waiting._waitsFor ??= []).Add(this);

            return true;
        }
    }

    private bool LeadsTo_NeedsLock(TenantResolution other)
    {
        var seen = new HashSet<TenantResolution> { this };
        var open = new Stack<TenantResolution>(seen);
        while (open.Count > 0)
        {
            var next = open.Pop();
            if (ReferenceEquals(next, other))
                return true;

            foreach (var further in next._waitsFor ?? [])
                if (seen.Add(further))
                    open.Push(further);
        }

        return false;
    }

    /// <summary>The resolution that the running code is part of; none after its end.</summary>
    private sealed class Resolver
    {
        public TenantResolution? Of { get; set; }
    }
}
