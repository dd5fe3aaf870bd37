using Npgsql;

namespace TokenAuth;

/// <summary>A held lease of <see cref="PostgresTokenStore"/>: an open transaction that has the lock, and the version it read.</summary>
internal sealed class PostgresTokenLease(
    PostgresTokenStore store,
    string key,
    NpgsqlTransaction transaction,
    long version,
    TokenRecord? record
) : ITokenLease
{
#pragma warning disable CA2213 // ended by the store, which disposes its connection
    private NpgsqlTransaction? _transaction = transaction; // null once it has ended; through Interlocked
#pragma warning restore CA2213
    private long _version = version;

    public TokenRecord? Record { get; private set; } = record;

    public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);

        var open = Interlocked.Exchange(ref _transaction, null);
        _version = await store.WriteAsync(key, _version, record, open, cancellationToken).ConfigureAwait(false);
        Record = record;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _transaction, null) is { } open)
            await store.EndAsync(open).ConfigureAwait(false);
    }
}
