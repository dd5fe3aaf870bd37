using System.Diagnostics;
using System.Globalization;

namespace TokenAuth.Tests.Storage;

public sealed class FileTokenStoreProcessTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();

    [Fact, Trait("Failure", "38")]
    public async Task Leases_of_four_processes_exclude_each_other()
    {
        const int processes = 4;
        const int turns = 50;
        var workers = Enumerable.Range(0, processes).Select(_ => Start("count", $"{turns}")).ToList();

        foreach (var worker in workers)
            await worker.ReadToEndAsync();

        var token = await Open().ReadTokenAsync();
        Assert.StartsWith($"access-{processes * turns}-", token, StringComparison.Ordinal);
        workers.ForEach(w => w.Dispose());
    }

    [Fact, Trait("Failure", "71")]
    public async Task Leases_exclude_each_other_although_the_runtimes_own_locks_are_turned_off()
    {
        const int processes = 4;
        const int turns = 50;
        var off = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1",
        };
        var workers = Enumerable
            .Range(0, processes)
            .Select(_ =>
                WorkerProcess.Start(
                    _encryptionKey,
                    null,
                    off,
                    [$"file:{_directory.Store}", StoreRecords.Key, "count", $"{turns}"]
                )
            )
            .ToList();

        foreach (var worker in workers)
            await worker.ReadToEndAsync();

        Assert.StartsWith($"access-{processes * turns}-", await Open().ReadTokenAsync(), StringComparison.Ordinal);
        workers.ForEach(w => w.Dispose());
    }

    [Fact, Trait("Failure", "84")]
    public async Task A_writer_stopped_at_any_moment_holds_nobody_up_beyond_the_lease_and_overwrites_nothing_later()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot stop a process.");
        var random = new Random(84);
        for (var stop = 0; stop < TestRun.WriterStops; stop++)
        {
            using var writer = Start("write");
            await writer.ReadUntilAsync("started");
            await writer.ReadLineAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 30), TestRun.Cancellation);
            writer.Stop();

            var waited = Stopwatch.StartNew();
            var token = $"access-{1_000_000 * (stop + 1)}-newer";
            await using (var lease = await Open().AcquireLeaseAsync(StoreRecords.Key, TestRun.Cancellation))
            {
                await lease.WriteAsync(Numbered(token), TestRun.Cancellation);
                Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
                writer.Continue();
                await Task.Delay(TimeSpan.FromMilliseconds(300), TestRun.Cancellation);
                Assert.Equal(token, await Open().ReadTokenAsync());
            }

            await writer.KillAsync();
        }
    }

    [Fact, Trait("Failure", "39")]
    public async Task A_killed_holder_gives_its_lease_back_at_once()
    {
        using var worker = Start("hold");
        await worker.ReadUntilAsync("held");
        await worker.KillAsync();

        var waited = Stopwatch.StartNew();
        await Open().WriteAsync("one");

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15)); // the lease lasts 20
    }

    [Fact, Trait("Failure", "40")]
    public async Task A_stopped_holder_loses_its_lease_when_that_ends()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows(),
            "Windows cannot stop a process; there an open file cannot be replaced."
        );
        using var worker = Start("hold");
        await worker.ReadUntilAsync("held");
        worker.Stop();

        var waited = Stopwatch.StartNew();
        await Open().WriteAsync("one");

        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(35));
        worker.Continue();
    }

    [Fact, Trait("Failure", "42")]
    public async Task Killed_writers_never_leave_a_torn_record_or_a_temporary_file_for_good()
    {
        var random = new Random(42);
        var last = 0;

        for (var kill = 0; kill < TestRun.WriteKills; kill++)
        {
            using var worker = Start("write");
            var printed = await worker.ReadLineAsync();
            Assert.Equal("started", printed);
            var first = int.Parse(await worker.ReadLineAsync(), CultureInfo.InvariantCulture);
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 30), TestRun.Cancellation);
            await worker.KillAsync();

            // A torn record would be set aside and the numbers would begin anew.
            Assert.True(first > last, $"Number {first} after {last}: a record was lost at kill {kill}.");
            var token = await Open().ReadTokenAsync();
            Assert.True(token is not null, $"The record was torn at kill {kill}.");
            last = int.Parse(token.Split('-')[1], CultureInfo.InvariantCulture);
            Assert.True(last >= first, $"Number {last} after {first} had been confirmed, at kill {kill}.");
        }

        Assert.Empty(Directory.EnumerateFiles(_directory.Store, "*.damaged"));
        Assert.Empty(Directory.EnumerateFiles(_directory.Store, "*.tmp"));
    }

    // As the worker numbers them.
    private static TokenRecord Numbered(string token) =>
        new(
            new TokenGrant(new AccessToken(token))
            {
                RefreshToken = token.Replace("access", "refresh", StringComparison.Ordinal),
            },
            TimeProvider.System.GetUtcNow()
        );

    public void Dispose() => _directory.Dispose();

    private FileTokenStore Open() =>
        new(new FileTokenStoreOptions { Directory = _directory.Store, EncryptionKey = _encryptionKey });

    private WorkerProcess Start(params string[] command) =>
        WorkerProcess.Start(_encryptionKey, null, [$"file:{_directory.Store}", StoreRecords.Key, .. command]);
}
