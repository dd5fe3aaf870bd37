using System.Globalization;
using Npgsql;

namespace TokenAuth;

/// <summary>The statements on one record, each a single round trip.</summary>
internal sealed class PostgresStatements(PostgresTable table, PostgresTokenStoreOptions options)
{
    public async Task<StoredRow> ReadAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken)
    {
        var read = new NpgsqlCommand(table.Read, connection) { Parameters = { Text(key) } };
        await using (read.ConfigureAwait(false))
        {
            var reader = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
                return await RowAsync(reader, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the lock for the rest of the transaction and reads the row; null when somebody else has it.</summary>
    public async Task<StoredRow?> TryLockAsync(
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
            batch.BatchCommands.Add(new NpgsqlBatchCommand(table.Read) { Parameters = { Text(key) } });

            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (!reader.GetBoolean(0))
                    return null;

                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);

                return await RowAsync(reader, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Replaces the record if its row still has the expected version.</summary>
    public async Task<bool> TryWriteAsync(
        NpgsqlConnection connection,
        string key,
        long version,
        byte[] content,
        CancellationToken cancellationToken
    )
    {
        var write = new NpgsqlCommand(table.Write, connection)
        {
            Parameters =
            {
                Text(key),
                Number(version),
                new NpgsqlParameter<byte[]> { TypedValue = content },
            },
        };
        await using (write.ConfigureAwait(false))
            return await write.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Keeps a damaged record beside the place that is free now.</summary>
    public async Task SetAsideAsync(
        NpgsqlConnection connection,
        string key,
        long version,
        CancellationToken cancellationToken
    )
    {
        var setAside = new NpgsqlCommand(table.SetAside, connection) { Parameters = { Text(key), Number(version) } };
        await using (setAside.ConfigureAwait(false))
            await setAside.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Empties the row, which stays: its new version refuses a late write. True when there was a row.</summary>
    public async Task<bool> RemoveAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken)
    {
        var remove = new NpgsqlCommand(table.Remove, connection) { Parameters = { Text(key) } };
        await using (remove.ConfigureAwait(false))
            return await remove.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    private static async Task<StoredRow> RowAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            return default;

        var isEmpty = await reader.IsDBNullAsync(1, cancellationToken).ConfigureAwait(false);

        var record = isEmpty
            ? null
            : await reader.GetFieldValueAsync<byte[]>(1, cancellationToken).ConfigureAwait(false);

        return new StoredRow(reader.GetInt64(0), record);
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };

    // A setting without a unit is in milliseconds.
    private static NpgsqlParameter<string> Milliseconds(TimeSpan value) =>
        Text(((long)value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
}
