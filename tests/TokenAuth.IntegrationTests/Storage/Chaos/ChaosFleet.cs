using System.Collections.Concurrent;
using System.Globalization;

namespace TokenAuth.Tests.Storage;

/// <summary>Eight processes, each with a provider a store and rule. The fleet replaces one that is killed or ended at once.</summary>
internal sealed class ChaosFleet(ChaosServers servers) : IDisposable
{
    public const int Size = 8;

    private readonly WorkerProcess[] _processes = new WorkerProcess[Size];
    private readonly int[] _numbers = [.. Enumerable.Range(-Size, Size)];
    private readonly ConcurrentDictionary<(string Line, int Place), string> _tokens = new();
    private readonly ConcurrentDictionary<string, double> _longest = new(StringComparer.Ordinal);

    /// <summary>By line: what the callers' exceptions said.</summary>
    public ConcurrentQueue<(string Line, string Message)> Failures { get; } = new();

    /// <summary>By line: what the processes did with their stores.</summary>
    public ConcurrentQueue<(string Line, StoreStep Step)> Steps { get; } = new();

    public IReadOnlyDictionary<string, double> LongestWaits => _longest;

    /// <summary>How many processes were started.</summary>
    public int Starts { get; private set; }

    /// <summary>Half of the processes use PostgreSQL through the pooler, the others name both hosts.</summary>
    public static bool IsBehindPooler(int process) => process % 2 == 0;

    /// <summary>The process in a place: each that is started has a number of its own.</summary>
    public int NumberAt(int place) => _numbers[place];

    public void Start(int place)
    {
        Starts++;
        var number = _numbers[place] += Size;
        _processes[place] = WorkerProcess.Start(servers.EncryptionKey, null, servers.ArgumentsFor(number));
        _ = ListenAsync(place, number, _processes[place]);
    }

    public async Task KillAsync(int place)
    {
        await _processes[place].KillAsync();
        Start(place);
    }

    /// <summary>As a deployment does: the old one is asked to end while the new one starts.</summary>
    public async Task ReplaceAsync(int place)
    {
        var old = _processes[place];
        old.Terminate();
        Start(place);
        await old.WaitForExitAsync();
    }

    public async Task FreezeAsync(int place, TimeSpan time)
    {
        var frozen = _processes[place];
        frozen.Stop();
        await Task.Delay(time, TestRun.Cancellation);
        frozen.Continue();
    }

    /// <summary>How many different tokens the processes use.</summary>
    public int TokensInUse(string line) =>
        _tokens
            .Where(token => token.Key.Line == line)
            .Select(token => token.Value)
            .Distinct(StringComparer.Ordinal)
            .Count();

    public void Dispose()
    {
        foreach (var process in _processes)
            process?.Dispose();
    }

    private async Task ListenAsync(int place, int number, WorkerProcess process)
    {
        while (await process.TryReadLineAsync() is { } said)
            if (said.Split(' ', 3) is [var what, var line, var detail])
                Hear(place, number, what, line, detail);
    }

    private void Hear(int place, int number, string what, string line, string detail)
    {
        switch (what)
        {
            case "token" when _numbers[place] == number:
                _tokens[(line, place)] = detail;
                break;

            case "failed":
                Failures.Enqueue((line, detail));
                break;

            case "waited":
                var waited = double.Parse(detail, CultureInfo.InvariantCulture);
                _longest.AddOrUpdate(line, waited, (_, longest) => Math.Max(longest, waited));
                break;

            case "did" when detail.Split(' ') is [var step, var from, var to, var outcome]:
                Steps.Enqueue((line, new StoreStep(number, step, Moment(from), Moment(to), outcome)));
                break;
        }
    }

    private static DateTimeOffset Moment(string milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));
}
