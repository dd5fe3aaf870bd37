using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Tests.Storage;

namespace TokenAuth.LeakTests;

[Trait("Failure", "46")]
public sealed class LeakScanTests(PostgresFixture postgres, RedisFixture redis)
{
    private const string Planted = "pLaNtEd0123456789AbCdEfGhIj+/=%&<\"'\\~";

    public static TheoryData<string, string> Plantings
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var encoding in SecretEncoding.All)
            foreach (var place in new[] { "log", "log state", "log scope", "activity", "inner exception", "object" })
                rows.Add(encoding.Name, place);

            return rows;
        }
    }

    [Fact]
    public Task Nothing_that_an_operator_can_see_holds_a_secret() => ScanAsync(LeakCatalogue.All);

    [Fact]
    public Task Nothing_that_an_operator_of_a_token_endpoint_or_its_callers_can_see_holds_a_secret() =>
        ScanAsync(LeakCatalogue.BrowsersAndApps);

    [Fact]
    public async Task Nothing_that_a_database_or_a_Redis_server_is_told_or_says_shows_a_secret() =>
        await ScanAsync(
            [
                .. LeakCatalogue.Postgres(await postgres.GetConnectionStringAsync()),
                .. LeakCatalogue.Redis(await redis.GetDatabaseAsync()),
            ],
            atOnce: 32
        );

    [Theory]
    [MemberData(nameof(Plantings))]
    public void A_planted_secret_is_found_once(string encoding, string place)
    {
        foreach (var text in SecretEncoding.All.Single(known => known.Name == encoding).Write(Planted))
        {
            using var witness = new Witness();

            Plant(witness, place, "before " + text + " after");

            var leak = Assert.Single(
                LeakScan
                    .Find(
                        witness.Sightings.Where(seen => !seen.Place.StartsWith("event", StringComparison.Ordinal)),
                        new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["planted"] = Planted,
                            ["another"] = new string('z', 40),
                        }
                    )
                    .Select(found => found.Split(" in ")[0])
                    .Distinct()
            );
            Assert.StartsWith("planted as ", leak);
        }
    }

    [Fact]
    public void The_start_of_a_token_is_found()
    {
        using var witness = new Witness();
        witness.See("log", $"authorization failed, provider: mcs, token: {Planted[..24]}(...)");

        Assert.NotEmpty(
            LeakScan.Find(
                witness.Sightings,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["planted"] = Planted }
            )
        );
    }

    [Fact]
    public void A_secret_inside_a_text_that_is_encoded_as_a_whole_is_found()
    {
        foreach (var before in new[] { "", "a", "ab", "abc" })
        {
            var body = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{before}{Planted}!"));

            Assert.NotEmpty(
                LeakScan.Find(
                    [new Sighting("test", body)],
                    new Dictionary<string, string>(StringComparer.Ordinal) { ["planted"] = Planted }
                )
            );
        }
    }

    [Fact]
    public async Task The_catalogue_reaches_logs_activities_metrics_events_and_exceptions()
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, run) in LeakCatalogue.All.Where((_, i) => i % 40 == 0))
        {
            var scene = new LeakScene();
            await using (scene)
                await run(scene);
            places.UnionWith(scene.Witness.Sightings.Select(seen => seen.Place.Split(' ', '/')[0]));
        }

        Assert.Superset(
            new HashSet<string>(["log", "activity", "metric", "event", "exception", "health"], StringComparer.Ordinal),
            places
        );
    }

    // A scene with a server waits for most of its time; the others need a processor.
    private static async Task ScanAsync(IEnumerable<(string Name, Func<LeakScene, Task> Run)> catalogue, int atOnce = 2)
    {
        var leaks = new ConcurrentQueue<string>();
        var (scenes, seen) = (0, 0);

        // What is process-wide, a scene's witness sees of all.
        await Parallel.ForEachAsync(
            catalogue,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = TestRun.Cancellation },
            async (named, _) =>
            {
                var scene = new LeakScene();
                await using (scene)
                    await named.Run(scene);

                Interlocked.Increment(ref scenes);
                Interlocked.Add(ref seen, scene.Witness.Sightings.Count);
                foreach (var leak in LeakScan.Find(scene.Witness.Sightings, scene.Secrets))
                    leaks.Enqueue($"{named.Name}: {leak}");
            }
        );

        Report.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Leak scanner: {scenes} scenes, {seen:N0} texts, {SecretEncoding.All.Count} encodings, {leaks.Count} leaks."
            )
        );
        Assert.Empty(leaks);
    }

    private static void Plant(Witness witness, string place, string text)
    {
        var logger = witness.CreateLogger("test");
        switch (place)
        {
            case "log":
                logger.Log(LogLevel.Trace, 0, 0, null, (_, _) => text);
                break;
            case "log state":
                var state = new Dictionary<string, object?> { ["key"] = text };
                logger.Log(LogLevel.Trace, 0, state, null, (_, _) => "");
                break;
            case "log scope":
                var scope = new Dictionary<string, object?> { ["key"] = text };
                logger.BeginScope(scope);
                break;
            case "activity":
                using (var source = new ActivitySource("planted"))
                using (var activity = source.StartActivity())
                    activity!.SetTag("key", text);
                break;
            case "inner exception":
                witness.SeeException(new InvalidOperationException("outer", new IOException(text)));
                break;
            default:
                witness.SeeObject(new { Value = text }.ToString());
                break;
        }
    }
}
