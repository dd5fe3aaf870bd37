using Microsoft.Extensions.Logging;
using Npgsql;

namespace TokenAuth;

/// <summary>Verifies the table, and creates it where there is none.</summary>
internal sealed class PostgresTableSetup(PostgresTable table, ILogger logger)
{
    /// <exception cref="TokenStoreException">The table is not there or not as it must be, and an administrator has to act.</exception>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await VerifyAsync(connection, cancellationToken).ConfigureAwait(false);

            return;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            logger.CreatesTable(table.Name);
        }

        await CreateAsync(connection, cancellationToken).ConfigureAwait(false);
        await VerifyAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    private async Task VerifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var verify = new NpgsqlCommand(table.Verify, connection);
            await using (verify.ConfigureAwait(false))
                await verify.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e)
            when (e.SqlState
                    is PostgresErrorCodes.UndefinedColumn
                        or PostgresErrorCodes.DatatypeMismatch
                        or PostgresErrorCodes.UndefinedFunction
                        or PostgresErrorCodes.InvalidColumnReference
                        or PostgresErrorCodes.NotNullViolation
            )
        {
            throw new TokenStoreException(
                $"The table {table.Name} is not the token store's ({e.MessageText}). Choose another Table, or replace it: "
                    + table.Instructions,
                e
            );
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new TokenStoreException(
                $"The role may not use the table {table.Name} ({e.MessageText}). "
                    + $"Run as its owner: GRANT SELECT, INSERT, UPDATE ON {table.Name} TO <role>;",
                e
            );
        }
    }

    private async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var batch = connection.CreateBatch();
                await using (batch.ConfigureAwait(false))
                {
                    batch.BatchCommands.Add(new NpgsqlBatchCommand(table.LockForCreation));
                    batch.BatchCommands.Add(new NpgsqlBatchCommand(table.Create));
                    await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                }

                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PostgresException e)
            when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new TokenStoreException(
                $"The table {table.Name} does not exist and the role cannot create it ({e.MessageText}). "
                    + $"Run as an administrator: {table.Instructions}",
                e
            );
        }
    }
}
