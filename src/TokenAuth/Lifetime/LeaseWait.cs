namespace TokenAuth;

/// <summary>
/// Waits for a lease and reads the record every second meanwhile: the holder renews for the others too, and a queue of fifty processes is
/// longer than a lease.
/// </summary>
internal sealed class LeaseWait(GrantStore store, StoredAnswer answer, TimeProvider time)
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    /// <param name="hasRead">Whether the store has just said what it has.</param>
    public async Task<LeaseAttempt> RunAsync(bool hasRead, CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var leasing = store.AcquireLeaseAsync(hasRead, leaving.Token);
        var isTaken = false;
        try
        {
            while (await HasPassedAsync(leasing, cancellationToken).ConfigureAwait(false))
                if (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } stored)
                    return new LeaseAttempt.Overtaken(stored);

            isTaken = true;

            return await leasing.ConfigureAwait(false);
        }
        finally
        {
            if (!isTaken)
            {
#pragma warning disable CA1849, VSTHRD103 // netstandard2.0 has no CancelAsync
                leaving.Cancel();
#pragma warning restore CA1849, VSTHRD103
                await GiveBackAsync(leasing).ConfigureAwait(false);
            }
        }
    }

    /// <summary>True when a period has passed without the lease.</summary>
    private async Task<bool> HasPassedAsync(Task leasing, CancellationToken cancellationToken)
    {
        if (leasing.IsCompleted)
            return false;

        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(leasing, time.Delay(_period, pause.Token)).ConfigureAwait(false);
#pragma warning disable CA1849, VSTHRD103 // netstandard2.0 has no CancelAsync
        pause.Cancel();
#pragma warning restore CA1849, VSTHRD103

        return !ReferenceEquals(first, leasing);
    }

    private async Task<HeldToken?> ReadAsync(CancellationToken cancellationToken)
    {
        var (hasRead, record) = await store.ReadAsync(cancellationToken).ConfigureAwait(false);

        return hasRead ? answer.Take(record) : null;
    }

    // A lease that comes in the moment in which its waiter leaves would be held by nobody.
    private async Task GiveBackAsync(Task<LeaseAttempt> leasing)
    {
        try
        {
            if (await leasing.ConfigureAwait(false) is LeaseAttempt.Taken late)
                await store.ReleaseAsync(late.Lease).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It did not come, or its time limit gives it back.
        }
    }
}
