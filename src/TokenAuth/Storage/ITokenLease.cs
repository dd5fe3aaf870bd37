namespace TokenAuth;

/// <summary>
/// The right to replace one record, for at most 20 seconds. Disposing gives it back. A store frees the lease of a holder that dies, at the latest
/// when the 20 seconds are over.
/// </summary>
public interface ITokenLease : IAsyncDisposable
{
    /// <summary>The record as it stood once the lease was held; null when there was none.</summary>
    TokenRecord? Record { get; }

    /// <summary>Replaces the record.</summary>
    /// <exception cref="TokenStoreException">
    /// The store failed, or the lease ran out and another process has written since: its newer record stays.
    /// </exception>
    ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken);
}
