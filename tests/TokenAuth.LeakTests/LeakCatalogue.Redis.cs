using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using TokenAuth.Tests.Storage;

namespace TokenAuth.LeakTests;

internal static partial class LeakCatalogue
{
    /// <summary>A store in a Redis whose password is a secret, too; its default user takes any.</summary>
    public static IEnumerable<(string Name, Func<LeakScene, Task> Run)> Redis(IDatabase database)
    {
        foreach (
            var what in new[]
            {
                "kept",
                "in the clear",
                "damaged",
                "too long",
                "another key",
                "of another type",
                "no user",
                "not reached",
                "an application's connection",
            }
        )
            yield return (
                $"a Redis store, {what}",
                async scene =>
                {
                    scene.Tokens.Answer = _ => Granted(scene);
                    var prefix = RedisFixture.NewPrefix();
                    foreach (var start in Starts(what))
                    {
                        var key = what == "in the clear" ? null : Key(scene, what == "another key" ? start : 1);
                        await UseRedisAsync(
                            scene,
                            what,
                            Configuration(scene, what, database),
                            o => (o.KeyPrefix, o.EncryptionKey, o.AllowUnencrypted) = (prefix, key, key is null)
                        );
                        if (start == 1)
                            await SpoilAsync(what, prefix, database);
                    }
                }
            );
    }

    private static async Task UseRedisAsync(
        LeakScene scene,
        string what,
        ConfigurationOptions configuration,
        Action<RedisTokenStoreOptions> configure
    )
    {
        var collection = scene.Services();
        await using var connection =
            what == "an application's connection" ? await ConnectionMultiplexer.ConnectAsync(configuration) : null;
        var tokens = VkServices(scene, collection);
        if (connection is null)
            tokens.UseRedisStore(configuration.ToString(includePassword: true), configure);
        else
            tokens.UseRedisStore(connection, configure);
        await using var services = collection.BuildServiceProvider();

        await scene.UseAsync(services.GetRequiredKeyedService<ITokenProvider>("vk"));
        await scene.CheckHealthAsync(services);
        scene.Witness.SeeObject(services.GetRequiredService<ITokenStore>());
        var options = new RedisTokenStoreOptions();
        configure(options);
        scene.Witness.SeeObject(options);
    }

    private static ConfigurationOptions Configuration(LeakScene scene, string what, IDatabase database)
    {
        var address = what == "not reached" ? "127.0.0.1:1" : $"{database.Multiplexer.GetEndPoints()[0]}";
        var configuration = ConfigurationOptions.Parse(address);
        configuration.User = what == "no user" ? "nobody" : "default";
        configuration.Password = scene.Secret("Redis password");
        configuration.AbortOnConnectFail = false;

        return configuration;
    }

    private static async Task SpoilAsync(string what, string prefix, IDatabase database)
    {
        RedisValue? content = what switch
        {
            "damaged" => "damaged",
            "too long" => new byte[(1024 * 1024) + 1],
            _ => null,
        };
        var server = database.Multiplexer.GetServers()[0];
        await foreach (var record in server.KeysAsync(pattern: prefix + "*:record"))
        {
            if (what == "of another type")
            {
                await database.KeyDeleteAsync(record);
                await database.ListLeftPushAsync(record, "theirs");
            }
            else if (content is { } spoilt)
            {
                await database.StringSetAsync(record, spoilt);
            }
        }
    }
}
