using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TokenAuth.Tests.Storage;

namespace TokenAuth.LeakTests;

internal static partial class LeakCatalogue
{
    /// <summary>A store in a database whose password is a secret, too; the database itself trusts everybody.</summary>
    public static IEnumerable<(string Name, Func<LeakScene, Task> Run)> Postgres(string connectionString)
    {
        foreach (
            var what in new[] { "kept", "in the clear", "damaged", "another key", "no table", "no role", "not reached" }
        )
            yield return (
                $"a PostgreSQL store, {what}",
                async scene =>
                {
                    scene.Tokens.Answer = _ => Granted(scene);
                    var table = PostgresFixture.NewTable();
                    foreach (var start in Starts(what))
                    {
                        var key = what == "in the clear" ? null : Key(scene, what == "another key" ? start : 1);
                        var collection = scene.Services();
                        VkServices(scene, collection)
                            .UsePostgresStore(
                                Connection(scene, what, connectionString),
                                o => (o.Table, o.EncryptionKey, o.AllowUnencrypted) = (table, key, key is null)
                            );
                        await using var services = collection.BuildServiceProvider();
                        await scene.UseAsync(services.GetRequiredKeyedService<ITokenProvider>("vk"));
                        await scene.CheckHealthAsync(services);
                        scene.Witness.SeeObject(services.GetRequiredService<ITokenStore>());
                        if (start == 1 && Spoiling(what, table) is { } sql)
                            await PostgresFixture.ExecuteAsync(connectionString, sql);
                    }
                }
            );
    }

    private static string Connection(LeakScene scene, string what, string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Password = scene.Secret("database password"),
        };
        if (what == "no role")
            connection.Username = "nobody_of_this_name";
        if (what == "not reached")
            connection.Port = 1;

        return connection.ConnectionString;
    }

    private static string? Spoiling(string what, string table) =>
        what switch
        {
            "damaged" => $"UPDATE {table} SET record = 'damaged'",
            "no table" => $"ALTER TABLE {table} DROP COLUMN record",
            _ => null,
        };
}
