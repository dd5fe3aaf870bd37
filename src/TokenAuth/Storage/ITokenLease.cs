namespace TokenAuth;

/// <summary>
/// The right to replace one record, for at most 20 seconds. Dispose the lease to give it back. If its holder dies, the store frees
/// the lease after 20 seconds at the latest.
/// </summary>
public interface ITokenLease : IAsyncDisposable
{
    /// <summary>The record as it stood once the lease was held; null when there was none.</summary>
    TokenRecord? Record { get; }

    /// <summary>Replaces the record.</summary>
    /// <exception cref="TokenStoreException">
    /// The store failed, or the lease ran out and another process has written a newer record, which stays.
    /// </exception>
    ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken);
}
