namespace TokenAuth;

/// <summary>
/// Keeps grants over restarts and shares them between processes. Anybody may read; a writer needs a lease. A lease brings the
/// record as it stood when the holder took the lease, so that nobody renews a grant that another process has just renewed.
/// </summary>
/// <remarks>
/// Every method throws <see cref="TokenStoreException"/> when the store cannot do its work, for example when it lacks the key
/// that sealed a record. The store sets a damaged record aside, reports it, and treats it as absent.
/// </remarks>
public interface ITokenStore
{
    /// <summary>Reads a record; null when there is none.</summary>
    ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Waits until nobody else holds the lease of this key, takes it and reads the record.</summary>
    ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for the lease and forgets the record, including a damaged one that the store set aside. A holder whose lease has ended
    /// cannot bring the record back. A key without a record is no error.
    /// </summary>
    ValueTask RemoveAsync(string key, CancellationToken cancellationToken);
}
