namespace TokenAuth;

/// <summary>
/// Keeps grants over restarts and shares them between processes. Reading is free; writing needs a lease; a lease brings the
/// record as it stood when it was taken, so that nobody renews a grant that another process has just renewed.
/// </summary>
/// <remarks>
/// Every method throws <see cref="TokenStoreException"/> when the store cannot do its work, also for a record that is sealed
/// with a key it does not have. The store sets a damaged record aside, reports it, and treats it as absent.
/// </remarks>
public interface ITokenStore
{
    /// <summary>Reads a record; null when there is none.</summary>
    ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Waits until nobody else holds the lease of this key, takes it and reads the record.</summary>
    ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets a record, also a damaged one that was set aside. Waits for the lease; a holder whose lease has ended cannot bring the
    /// record back. A key without a record is no error.
    /// </summary>
    ValueTask RemoveAsync(string key, CancellationToken cancellationToken);
}
