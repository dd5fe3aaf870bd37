namespace TokenAuth;

/// <summary>The one timer of all tenants of a container: it looks for idle ones when the first of them may be idle.</summary>
internal sealed class TenantSweep(TimeProvider time) : IDisposable
{
    private readonly object _gate = new();
    private readonly List<TenantProviders> _all = []; // guarded by _gate
    private ITimer? _timer; // guarded by _gate
    private long? _dueAt; // guarded by _gate, in the clock's timestamps
    private bool _isDisposed; // guarded by _gate

    public void Add(TenantProviders providers)
    {
        lock (_gate)
            _all.Add(providers);
    }

    /// <summary>Sees to it that somebody looks then, or earlier.</summary>
    public void Arm(TimeSpan due)
    {
        lock (_gate)
        {
            var at = time.GetTimestamp() + (long)(due.TotalSeconds * time.TimestampFrequency);
            if (_isDisposed || _dueAt <= at)
                return;

            _dueAt = at;
            _timer ??= CreateTimer();
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void Sweep()
    {
        TenantProviders[] all;
        lock (_gate)
        {
            _dueAt = null;
            all = [.. _all];
        }

        foreach (var providers in all)
            if (providers.Sweep() is { } next)
                Arm(next);
    }

    // The timer lives long and must not keep a request's context alive.
    private ITimer CreateTimer()
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Create();

        using (ExecutionContext.SuppressFlow())
            return Create();

        ITimer Create() =>
            time.CreateTimer(
                static sweep => ((TenantSweep)sweep!).Sweep(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
    }
}
