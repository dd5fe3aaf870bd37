namespace TokenAuth;

/// <summary>The writing of a lease's holder: each exchange ends the lease.</summary>
internal sealed class PostgresWriting(PostgresDatabase database, TokenRecordSealer sealer)
{
    public byte[] Seal(string key, TokenRecord record) => sealer.Seal(key, record);

    /// <summary>Writes in the lease's transaction, or without it where that has ended, and returns the row that stands then.</summary>
    public async Task<StoredRow> WriteAsync(
        string key,
        StoredRow leased,
        byte[] content,
        LeasedTransaction? open,
        CancellationToken cancellationToken
    )
    {
        var written = leased with { Version = RowVersion.New() };
        if (
            open is not null
            && await TryWriteAsync(open, written.Version, content, cancellationToken).ConfigureAwait(false)
        )
            return written;

        await database
            .RunAsync(
                (session, token) => WriteLateAsync(session, key, leased, written.Version, content, token),
                cancellationToken
            )
            .ConfigureAwait(false);

        return written;
    }

    /// <summary>Forgets a record under its lease.</summary>
    public async Task RemoveAsync(LeasedTransaction open, CancellationToken cancellationToken)
    {
        try
        {
            await InLeaseAsync(open, token => open.RemoveAsync(RowVersion.New(), token), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresErrors.IsLostLease(e))
        {
            throw database.Failure.Of(e);
        }
    }

    /// <summary>Gives a lease back that wrote nothing.</summary>
    public async Task EndAsync(LeasedTransaction open)
    {
        try
        {
            // Committed, not rolled back: a damaged record was set aside.
            await InLeaseAsync(
                    open,
                    token => open.IsAlive ? open.EndAsync(token) : Task.CompletedTask,
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresErrors.IsLostLease(e))
        {
            // The session is gone, and the lease with it.
        }
    }

    private async Task<bool> TryWriteAsync(
        LeasedTransaction open,
        long version,
        byte[] content,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await InLeaseAsync(
                    open,
                    async token => open.IsAlive && await open.WriteAsync(version, content, token).ConfigureAwait(false),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresErrors.IsLostLease(e))
        {
            // The lease ended or the database went away meanwhile; what the vendor granted must not be lost with them.
            return false;
        }
    }

    private async Task<bool> WriteLateAsync(
        PostgresSession session,
        string key,
        StoredRow leased,
        long version,
        byte[] content,
        CancellationToken cancellationToken
    )
    {
        var connection = session.Connection;
        if (
            await database
                .Statements.WriteAsync(connection, key, leased.Version, version, content, cancellationToken)
                .ConfigureAwait(false)
        )
            return true;

        var current = await database.Statements.ReadAsync(connection, key, cancellationToken).ConfigureAwait(false);
        if (current is null)
            await database.InspectAsync(session, cancellationToken).ConfigureAwait(false);

        // A commit whose response was lost may have written it after all.
        return current?.Version == version ? true : throw PostgresFailure.Refused(key, leased, current);
    }

    private Task<bool> InLeaseAsync(
        LeasedTransaction open,
        Func<CancellationToken, Task> work,
        CancellationToken cancellationToken
    ) =>
        InLeaseAsync(
            open,
            async token =>
            {
                await work(token).ConfigureAwait(false);

                return true;
            },
            cancellationToken
        );

    private Task<T> InLeaseAsync<T>(
        LeasedTransaction open,
        Func<CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    ) =>
        database.WithinLimitAsync(
            async token =>
            {
                await using (open.ConfigureAwait(false))
                {
                    token.ThrowIfCancellationRequested();
                    return await work(token).ConfigureAwait(false);
                }
            },
            cancellationToken
        );
}
