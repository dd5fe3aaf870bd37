using System.Diagnostics;
using System.Globalization;
using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>Everything there is, from the start to the verdict.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private const int Callers = 200;

    // The last faults are over and healed when the callers leave.
    private static readonly TimeSpan s_calmEnd = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_samplePeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_reportPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly TimeSpan _length;
    private readonly int _seed;
    private readonly Samples _samples;
    private readonly WorkUnderWay _work = new();
    private readonly SoakClock _clock;
    private TokenServiceEmulator _emulator = null!; // these are set by StartAsync
    private SoakFleet _fleet = null!;
    private VkCloudEpisodes _vkCloud = null!;
    private Director _director = null!;

    private SoakRun(TimeSpan length, int seed)
    {
        _length = length;
        _seed = seed;
        // One change of the factory's handlers, if there is time for it.
        _samples = new(length / 4 < TimeSpan.FromMinutes(2.5) ? length / 4 : TimeSpan.FromMinutes(2.5));
        _clock = Own(new SoakClock(_work));
    }

    public static async Task<SoakRun> StartAsync(TimeSpan length, int seed, bool isVerbose)
    {
        var run = new SoakRun(length, seed);
        try
        {
            await run.StartAsync(isVerbose);

            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <returns>Whether every limit is met.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Log($"{Callers} callers for {_length.TotalMinutes} minutes, --seed {_seed}");
        using var calm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        calm.CancelAfter(Left(s_calmEnd));
        closing.CancelAfter(Left(s_closing));

        var callers = _fleet.Callers(Callers, _seed).Select(caller => Task.Run(() => caller.RunAsync(closing.Token)));
        var calling = callers.ToList();
        var directing = _director.RunAsync(calm.Token);
        await MeasureAsync(closing.Token);
        await directing;
        var left = await LeftBehindAsync(calling);

        var limits = Verdict.Limits(Result(left)).ToList();
        Report();
        Log(cancellationToken.IsCancellationRequested ? "stopped early" : "the end");
        foreach (var failure in _fleet.Tally.FirstUnexpected)
            Console.WriteLine("  unexpected: " + failure);
        foreach (var limit in limits)
            Console.WriteLine(limit);

        return limits.TrueForAll(limit => limit.IsMet) && !cancellationToken.IsCancellationRequested;
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
            await owned.DisposeAsync();
        _work.Dispose();
    }

    private async Task StartAsync(bool isVerbose)
    {
        var options = new TokenServiceEmulatorOptions { TimeProvider = _clock.Vendors, MaxRecordedRequests = 10 };
        options.VkCloud.AccessTokenLifetime = TokenLine.VkCloudLife;
        _emulator = Own(await TokenServiceEmulator.StartAsync(options));
        var database = Own(await SoakDatabase.StartAsync(_work));

        var vkCloud = Vendor("VK Cloud", TokenServiceEndpoint.VkToken, TokenLine.Voice, TokenLine.Vision);
        var azure = Vendor("Azure", TokenServiceEndpoint.AzureToken, TokenLine.Speech, TokenLine.Spare);
        var key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        var sharing = Enumerable
            .Range(0, TokenLine.Voice.Members)
            .Select(_ => Own(Member.InFleet(_emulator, _clock, database, key, isVerbose)))
            .ToList();
        var alone = Own(Member.Alone(_emulator, _clock, isVerbose));

        _fleet = new(_clock, new Tally(_clock), [vkCloud, azure], sharing, alone);
        _vkCloud = new(vkCloud, _emulator, _fleet);
        _director = new(
            _seed,
            _clock,
            _vkCloud,
            new AzureEpisodes(azure, _emulator, _fleet),
            new DatabaseEpisodes(database, _fleet),
            new ClockEpisodes(_fleet),
            Log
        );
    }

    private async Task MeasureAsync(CancellationToken closing)
    {
        using var timer = new PeriodicTimer(s_samplePeriod);
        var nextReport = s_reportPeriod;
        _samples.Add(_watch.Elapsed, ProcessSample.Take());
        try
        {
            while (await timer.WaitForNextTickAsync(closing))
            {
                _samples.Add(_watch.Elapsed, ProcessSample.Take());
                if (_watch.Elapsed < nextReport)
                    continue;

                Report();
                nextReport += s_reportPeriod;
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static async Task<int> LeftBehindAsync(List<Task> calling)
    {
        try
        {
            await Task.WhenAll(calling).WaitAsync(s_patience);
        }
        catch (TimeoutException)
        {
            // Counted.
        }

        return calling.Count(task => !task.IsCompletedSuccessfully);
    }

    private Outcome Result(int callersLeft) =>
        new(
            _fleet.Tally,
            _samples,
            _watch.Elapsed,
            _clock.Elapsed,
            _fleet.Vendors.Sum(vendor => vendor.Calls),
            _fleet.Vendors.Sum(vendor => vendor.IdealCalls),
            _emulator.Ledger.RefreshTokensMinted,
            _vkCloud.ExpectedRefreshTokens,
            _director.Episodes,
            callersLeft,
            _clock.Fault
        );

    private void Report()
    {
        var (tally, now) = (_fleet.Tally, _samples.Latest);
        var ledger = _emulator.Ledger;
        var calls = _fleet.Vendors.Select(vendor =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{vendor.Name} {vendor.Calls} of ideally {vendor.IdealCalls} ({vendor.Failed} met a fault, {vendor.Unexplained} without a reason)"
            )
        );
        Log(
            string.Create(
                CultureInfo.InvariantCulture,
                $"requests {tally.Requests}, rejected {ledger.DataCallsRejected}, replayed {Math.Max(0, ledger.DataCalls + tally.Unsent - tally.Requests)}, unexpected failures {tally.Unexpected}, expected ones {tally.Expected}, longest wait {tally.LongestWait.TotalSeconds:0.0} s; token calls: {string.Join(", ", calls)}; refresh tokens {ledger.RefreshTokensMinted} of {_vkCloud.ExpectedRefreshTokens}; heap {now.HeapMegabytes:0.0} MB, working set {now.WorkingSetMegabytes:0} MB, handles {now.Handles}, threads {now.Threads}"
            )
        );
    }

    private Vendor Vendor(string name, TokenServiceEndpoint endpoint, params TokenLine[] lines) =>
        new(name, endpoint, lines, _emulator, _clock, Log);

    private TimeSpan Left(TimeSpan beforeEnd)
    {
        var left = _length - beforeEnd - _watch.Elapsed;

        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Log(string what) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_watch.Elapsed:mm\\:ss} {_clock.Elapsed:d\\.hh\\:mm\\:ss}  {what}"
            )
        );

    private T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Push(owned);

        return owned;
    }

    internal sealed record Outcome(
        Tally Tally,
        Samples Samples,
        TimeSpan Ran,
        TimeSpan TokenTime,
        int Calls,
        int IdealCalls,
        int RefreshTokens,
        int ExpectedRefreshTokens,
        int Episodes,
        int CallersLeft,
        Exception? ClockFault
    );
}
