namespace TokenAuth;

/// <summary>A held lease of <see cref="PostgresTokenStore"/>: the row as it was leased, and the transaction that locks it.</summary>
internal sealed class PostgresTokenLease(
    PostgresWriting writing,
    string key,
    LeasedTransaction transaction,
    TokenRecord? record
) : ITokenLease
{
#pragma warning disable CA2213 // disposed where it ends
    private LeasedTransaction? _transaction = transaction; // null once it has ended; through Interlocked
#pragma warning restore CA2213
    private StoredRow _row = transaction.Row;

    public TokenRecord? Record { get; private set; } = record;

    public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();

        var content = writing.Seal(key, record); // which may throw: the lease is still held then
        var open = Interlocked.Exchange(ref _transaction, null);
        _row = await writing.WriteAsync(key, _row, content, open, cancellationToken).ConfigureAwait(false);
        Record = record;
    }

    /// <summary>Forgets the record.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _transaction, null) is { } open)
            await writing.RemoveAsync(open, cancellationToken).ConfigureAwait(false);
        Record = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _transaction, null) is { } open)
            await writing.EndAsync(open).ConfigureAwait(false);
    }
}
