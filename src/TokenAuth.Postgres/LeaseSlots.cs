namespace TokenAuth;

/// <summary>
/// Bounds the leases that this process holds at once. Each keeps a connection while its vendor is asked. A pool of two or more has
/// others for reads, however many vendors do not answer.
/// </summary>
#pragma warning disable CA1001 // a semaphore without a wait handle holds nothing, and leases may be given back after the store has ended
internal sealed class LeaseSlots
#pragma warning restore CA1001
{
    private const int ShareOfReads = 10; // one connection in ten, and at least one

    private readonly int _count;
    private readonly SemaphoreSlim _free;

    public LeaseSlots(int poolSize)
    {
        _count = Math.Max(1, poolSize - Math.Max(1, poolSize / ShareOfReads));
        _free = new SemaphoreSlim(_count);
    }

    /// <exception cref="TokenStoreException">No slot has become free within the limit.</exception>
    public async Task<LeaseSlot> TakeAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        await _free.WaitAsync(limit, cancellationToken).ConfigureAwait(false)
            ? new LeaseSlot(_free)
            : throw new TokenStoreException(
                $"This process has or asks for {_count} leases of the PostgreSQL token store and may have no more at once. Find out which token "
                    + "endpoints or whether the database do not answer, or raise Maximum Pool Size in the connection string."
            );
}
