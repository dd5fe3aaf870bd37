using System.Globalization;
using Npgsql;

namespace TokenAuth;

/// <summary>The statements on one record, each a single round trip.</summary>
internal sealed class PostgresStatements(PostgresTable table, PostgresTokenStoreOptions options)
{
    /// <summary>The row; null when there is none.</summary>
    public async Task<StoredRow?> ReadAsync(
        NpgsqlConnection connection,
        string key,
        CancellationToken cancellationToken
    )
    {
        var read = new NpgsqlCommand(table.Read, connection) { Parameters = { Text(key) } };
        await using (read.ConfigureAwait(false))
        {
            var reader = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
                return await RowAsync(reader, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes an empty row for a lease to lock; a second insert does nothing.</summary>
    public Task AddRowAsync(
        NpgsqlConnection connection,
        string key,
        long version,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            new NpgsqlCommand(table.AddRow, connection) { Parameters = { Text(key), Number(version) } },
            cancellationToken
        );

    /// <summary>Locks the row for the rest of the transaction and reads it; no row when somebody else has it locked, or there is none.</summary>
    public async Task<(StoredRow? Row, bool Exists)> TryLockAsync(
        NpgsqlConnection connection,
        string key,
        CancellationToken cancellationToken
    )
    {
        var batch = connection.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(PostgresTable.LimitTransaction)
                {
                    Parameters = { Milliseconds(options.Lease), Milliseconds(options.Timeout) },
                }
            );
            batch.BatchCommands.Add(new NpgsqlBatchCommand(table.TryLock) { Parameters = { Text(key) } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(table.Exists) { Parameters = { Text(key) } });

            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                var row = await RowAsync(reader, cancellationToken).ConfigureAwait(false);
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);

                return (row, reader.GetBoolean(0));
            }
        }
    }

    /// <summary>Replaces the record if its row has the expected version and nobody else has it locked.</summary>
    public async Task<bool> WriteAsync(
        NpgsqlConnection connection,
        string key,
        long version,
        long newVersion,
        byte[] content,
        CancellationToken cancellationToken
    ) =>
        await ExecuteAsync(
                new NpgsqlCommand(table.Write, connection)
                {
                    Parameters =
                    {
                        Text(key),
                        Number(version),
                        Number(newVersion),
                        new NpgsqlParameter<byte[]> { TypedValue = content },
                    },
                },
                cancellationToken
            )
            .ConfigureAwait(false) == 1;

    /// <summary>Keeps a damaged record beside the place that is free then; false when somebody else has the row locked.</summary>
    public async Task<bool> SetAsideAsync(
        NpgsqlConnection connection,
        string key,
        long version,
        CancellationToken cancellationToken
    ) =>
        await ExecuteAsync(
                new NpgsqlCommand(table.SetAside, connection) { Parameters = { Text(key), Number(version) } },
                cancellationToken
            )
            .ConfigureAwait(false) == 1;

    /// <summary>Empties the row, which stays: its new version refuses a late write.</summary>
    public Task RemoveAsync(
        NpgsqlConnection connection,
        string key,
        long newVersion,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            new NpgsqlCommand(table.Remove, connection) { Parameters = { Text(key), Number(newVersion) } },
            cancellationToken
        );

    private static async Task<int> ExecuteAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command.ConfigureAwait(false))
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<StoredRow?> RowAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            return null;

        int? length = await reader.IsDBNullAsync(2, cancellationToken).ConfigureAwait(false)
            ? null
            : reader.GetInt32(2);
        var record = await reader.IsDBNullAsync(3, cancellationToken).ConfigureAwait(false)
            ? null
            : await reader.GetFieldValueAsync<byte[]>(3, cancellationToken).ConfigureAwait(false);

        return new StoredRow(reader.GetInt64(0), reader.GetDateTime(1), length, record);
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };

    // A setting without a unit is in milliseconds.
    private static NpgsqlParameter<string> Milliseconds(TimeSpan value) =>
        Text(((long)value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
}
