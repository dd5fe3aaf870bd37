using Fleet;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>What a fleet depends on: a directory, PostgreSQL with a standby and a pooler, Redis, and the vendor under both rules.</summary>
internal sealed class ChaosServers : IAsyncDisposable
{
    /// <summary>The vendor's tokens live a minute instead of an hour.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _vendorTakes = TimeSpan.FromMilliseconds(300);

    private readonly TestDirectory _directory = new();
    private readonly string _name = PostgresFixture.NewTable();

    private ChaosServers(PostgresPair postgres, ThrowAwayPgBouncer bouncer, ThrowAwayRedis redis)
    {
        Postgres = postgres;
        Bouncer = bouncer;
        Redis = redis;
    }

    public static IReadOnlyList<string> Stores { get; } = ["file", "postgres", "redis"];

    public PostgresPair Postgres { get; }

    public ThrowAwayPgBouncer Bouncer { get; }

    public ThrowAwayRedis Redis { get; }

    public string EncryptionKey { get; } = StoreRecords.NewEncryptionKey();

    /// <summary>By store and rule: each ledger tells of one line of tokens.</summary>
    public Dictionary<(string Store, VkCloudRefreshTokenRule Rule), TokenServiceEmulator> Vendors { get; } = [];

    /// <summary>By store and rule: each call of the vendor.</summary>
    public Dictionary<(string Store, VkCloudRefreshTokenRule Rule), VendorJournal> Journals { get; } = [];

    public static string NameOf((string Store, VkCloudRefreshTokenRule Rule) line) => $"{line.Store}/{line.Rule}";

    public static async Task<ChaosServers> StartAsync()
    {
        var postgres = await PostgresPair.StartAsync();
        var bouncer = await ThrowAwayPgBouncer.StartAsync(
            postgres.ConnectionStringFor("switched"),
            "server_login_retry = 1"
        );
        var redis = await RedisFixture.StartOwnAsync("--appendonly", "yes", "--appendfsync", "always");
        var servers = new ChaosServers(postgres, bouncer, redis);
        foreach (var store in Stores)
        foreach (var rule in new[] { VkCloudRefreshTokenRule.Echoed, VkCloudRefreshTokenRule.SingleUse })
        {
            var vendor = await FleetVendor.StartAsync(rule, TokenLife);
            var journal = new VendorJournal(_vendorTakes);
            vendor.Faults.Always(TokenServiceEndpoint.VkToken, journal.Fault);
            servers.Vendors[(store, rule)] = vendor;
            servers.Journals[(store, rule)] = journal;
        }

        return servers;
    }

    public string[] ArgumentsFor(int process) =>
        [
            "live",
            $"{process}",
            .. Vendors.SelectMany(vendor =>
                new[] { NameOf(vendor.Key) }
                    .Concat(StoreFor(vendor.Key.Store, process))
                    .Append($"{vendor.Value.VkTokenEndpoint}")
            ),
        ];

    public async ValueTask DisposeAsync()
    {
        foreach (var vendor in Vendors.Values)
            await vendor.DisposeAsync();
        await Redis.DisposeAsync();
        await Bouncer.DisposeAsync();
        await Postgres.DisposeAsync();
        _directory.Dispose();
    }

    private string[] StoreFor(string kind, int process) =>
        kind switch
        {
            "postgres" =>
            [
                $"postgres:{_name}",
                ChaosFleet.IsBehindPooler(process)
                    ? Bouncer.ConnectionString
                    : Postgres.ConnectionStringFor("two;Target Session Attributes=primary"),
            ],
            "redis" => [$"redis:18:{_name}", Redis.Configuration],
            _ => [$"file:{_directory.Store}", "-"],
        };
}
