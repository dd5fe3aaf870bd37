using Microsoft.Extensions.Logging;
using Npgsql;

namespace TokenAuth;

/// <summary>Verifies the table, and creates it where there is none.</summary>
internal sealed class PostgresTableSetup(PostgresTable table, PostgresTokenStoreOptions options, ILogger logger)
{
    private const int CreationAttempts = 10;

    private readonly PostgresFailure _failure = new(table, preparesAutomatically: false);

    /// <exception cref="TokenStoreException">The table is not there or not as it must be, and an administrator has to act.</exception>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await InspectAsync(connection, cancellationToken).ConfigureAwait(false))
        {
            logger.CreatesTable(table.Name);
            await CreateAsync(connection, cancellationToken).ConfigureAwait(false);
            await InspectAsync(connection, cancellationToken).ConfigureAwait(false);
        }

        await VerifyAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks into the catalogue, before anything is sent that a trigger, a rule or a foreign owner could see.</summary>
    /// <returns>False when there is no table.</returns>
    /// <exception cref="TokenStoreException">Something stands between the store and its rows.</exception>
    public async Task<bool> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var inspect = new NpgsqlCommand(PostgresTable.Inspect, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = table.Name },
                new NpgsqlParameter<string> { TypedValue = options.TableOwner ?? "" },
            },
        };
        await using (inspect.ConfigureAwait(false))
        {
            var reader = await inspect.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    return false;

                var state = PostgresTableState.From(reader);

                return state.Objection is not { } objection
                    ? true
                    : throw new TokenStoreException($"The table {table.Name} {objection}.");
            }
        }
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
            throw _failure.NotAllowed(e);
        }
    }

    // CREATE TABLE IF NOT EXISTS of two processes at once fails in one of them on an index of the catalogue.
    private async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var create = new NpgsqlCommand(table.Create, connection);
                await using (create.ConfigureAwait(false))
                    await create.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);

                return;
            }
            catch (PostgresException e)
                when (attempt < CreationAttempts
                    && e.SqlState
                        is PostgresErrorCodes.UniqueViolation
                            or PostgresErrorCodes.DuplicateTable
                            or PostgresErrorCodes.DuplicateObject
                )
            {
                // Another process was first.
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
}
