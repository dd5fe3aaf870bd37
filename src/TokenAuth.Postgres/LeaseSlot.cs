namespace TokenAuth;

/// <summary>The right to hold a lease, given back once however often it is disposed.</summary>
internal sealed class LeaseSlot(SemaphoreSlim free) : IDisposable
{
    private int _isGivenBack; // 1 once it is, through Interlocked

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            free.Release();
    }
}
