using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;

namespace Tenants;

/// <summary>The customers in SQLite. Their keys are encrypted: TokenAuth seals its own store, and the database is yours.</summary>
public sealed class CustomerDatabase(string connectionString, IDataProtectionProvider protection)
{
    private readonly IDataProtector _keys = protection.CreateProtector("keys of customers");

    public async Task CreateAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE IF NOT EXISTS customers
                (name TEXT PRIMARY KEY, region TEXT NOT NULL, key TEXT NOT NULL, has_left INTEGER NOT NULL)
            """;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Null where nobody has this name. SQLite compares it as TokenAuth does: case counts.</summary>
    public async Task<Customer?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT region, key, has_left FROM customers WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);

        return await reader.ReadAsync(cancellationToken)
            ? new(name, reader.GetString(0), _keys.Unprotect(reader.GetString(1)), reader.GetBoolean(2))
            : null;
    }

    /// <summary>Names, regions and who has left; no keys.</summary>
    public async Task<IReadOnlyList<object>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, region, has_left FROM customers ORDER BY name";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var customers = new List<object>();
        while (await reader.ReadAsync(cancellationToken))
            customers.Add(
                new
                {
                    Name = reader.GetString(0),
                    Region = reader.GetString(1),
                    HasLeft = reader.GetBoolean(2),
                }
            );

        return customers;
    }

    public async Task SaveAsync(Customer customer, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT OR REPLACE INTO customers VALUES ($name, $region, $key, $hasLeft)";
        command.Parameters.AddWithValue("$name", customer.Name);
        command.Parameters.AddWithValue("$region", customer.Region);
        command.Parameters.AddWithValue("$key", _keys.Protect(customer.Key));
        command.Parameters.AddWithValue("$hasLeft", customer.HasLeft);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);

        return connection;
    }
}
