namespace TokenAuth;

/// <summary>Stores a grant that could not be stored when it was obtained, as soon as the store works again.</summary>
internal sealed class LateSaving(GrantMemory memory, GrantStore store, TimeProvider time)
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Busy = 2;

    private static readonly TimeSpan[] _pauses =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
    ];

    private int _state; // changed by whoever takes it out of Idle

    /// <summary>True unless nothing is to be stored or the next try is being waited for. Only tests ask.</summary>
    public bool IsBusy => Volatile.Read(ref _state) == Busy;

    /// <summary>Goes on in the background until nothing is left to store or the provider ends.</summary>
    public void Start(CancellationToken ended)
    {
        if (
            memory.Pending is not null
            && !ended.IsCancellationRequested
            && Interlocked.CompareExchange(ref _state, Busy, Idle) == Idle
        )
            _ = RunAsync(ended);
    }

    /// <summary>Tries once to store what is pending; true when nothing is any more.</summary>
    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        if (memory.Pending is null)
            return true;
        if (
            await store.AcquireLeaseAsync(hasRead: false, cancellationToken).ConfigureAwait(false)
            is not LeaseAttempt.Taken { Lease: var lease }
        )
            return false;

        try
        {
            if (memory.BestToSave(lease.Record, out var pending) is not { } record)
            {
                // A renewal stored a newer one while the lease was waited for, or somebody took the record out of the store.
                store.HasNothingToWrite();

                return true;
            }

            return await store.WriteAsync(lease, record, cancellationToken).ConfigureAwait(false)
                && memory.Saved(pending!);
        }
        finally
        {
            await store.ReleaseAsync(lease).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(CancellationToken ended)
    {
        try
        {
            var tries = 0;
            do
            {
                var pause = time.Delay(_pauses[Math.Min(tries++, _pauses.Length - 1)], ended);
                Volatile.Write(ref _state, Waiting);
                await pause.ConfigureAwait(false);
                Volatile.Write(ref _state, Busy);
            } while (!await SaveAsync(ended).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The provider ended.
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
            Start(ended); // a renewal may have left one while this run was ending
        }
    }
}
