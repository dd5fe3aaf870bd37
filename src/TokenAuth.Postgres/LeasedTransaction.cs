using System.Data;
using Npgsql;

namespace TokenAuth;

/// <summary>
/// An open transaction that has a row's lock, which is the lease: free again when the transaction ends, whatever ends it. It keeps
/// its connection until it is disposed.
/// </summary>
internal sealed class LeasedTransaction : IAsyncDisposable
{
    private readonly PostgresStatements _statements;
    private readonly NpgsqlTransaction _transaction;
    private readonly NpgsqlConnection _connection;
    private readonly string _key;
    private IDisposable? _slot;

    private LeasedTransaction(PostgresStatements statements, string key, NpgsqlTransaction transaction, StoredRow row)
    {
        _statements = statements;
        _key = key;
        _transaction = transaction;
        _connection = transaction.Connection!;
        Row = row;
    }

    /// <summary>The row as it stood once it was locked.</summary>
    public StoredRow Row { get; }

    /// <summary>True while the session lives, as far as the driver has seen.</summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                return _transaction.Connection is not null;
            }
            catch (ObjectDisposedException)
            {
                return false; // the driver saw the connection break
            }
        }
    }

    /// <summary>Takes a row's lock; the lease is null when somebody else has it, or when there is no such row.</summary>
    public static async Task<(LeasedTransaction? Lease, bool RowExists)> TryBeginAsync(
        PostgresSession session,
        PostgresStatements statements,
        string key,
        CancellationToken cancellationToken
    )
    {
        // Set the level here: a role's stricter default would fail after another process's write.
        var transaction = await session
            .Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken)
            .ConfigureAwait(false);
        var (row, exists) = await statements
            .TryLockAsync(session.Connection, key, cancellationToken)
            .ConfigureAwait(false);
        if (row is { } locked)
        {
            session.Keep();

            return (new LeasedTransaction(statements, key, transaction, locked), true);
        }

        await transaction.RollbackAsync(cancellationToken).ConfigureAwait(false);

        return (null, exists);
    }

    /// <summary>Replaces the record and ends the lease; false when the row has changed, which its lock does not allow.</summary>
    public async Task<bool> WriteAsync(long newVersion, byte[] content, CancellationToken cancellationToken)
    {
        if (
            !await _statements
                .WriteAsync(_connection, _key, Row.Version, newVersion, content, cancellationToken)
                .ConfigureAwait(false)
        )
            return false;

        await EndAsync(cancellationToken).ConfigureAwait(false);

        return true;
    }

    /// <summary>Keeps a damaged record beside the place that is free then.</summary>
    public Task SetAsideAsync(CancellationToken cancellationToken) =>
        _statements.SetAsideAsync(_connection, _key, Row.Version, cancellationToken);

    /// <summary>Forgets the record and ends the lease.</summary>
    public async Task RemoveAsync(long newVersion, CancellationToken cancellationToken)
    {
        await _statements.RemoveAsync(_connection, _key, newVersion, cancellationToken).ConfigureAwait(false);
        await EndAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task EndAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    /// <summary>Keeps the slot as long as the connection.</summary>
    public void Keep(IDisposable slot) => _slot = slot;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _slot?.Dispose();
        }
    }
}
