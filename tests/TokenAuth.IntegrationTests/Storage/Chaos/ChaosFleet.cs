using System.Collections.Concurrent;
using System.Globalization;

namespace TokenAuth.Tests.Storage;

/// <summary>Eight processes, each with a provider a store and rule; one that is killed or ended is replaced at once.</summary>
internal sealed class ChaosFleet(ChaosServers servers) : IDisposable
{
    public const int Size = 8;

    private readonly WorkerProcess[] _processes = new WorkerProcess[Size];
    private readonly ConcurrentDictionary<(string Line, int Process), string> _tokens = new();
    private readonly ConcurrentDictionary<string, double> _longest = new(StringComparer.Ordinal);

    /// <summary>By line: what the callers' exceptions said.</summary>
    public ConcurrentQueue<(string Line, string Message)> Failures { get; } = new();

    public IReadOnlyDictionary<string, double> LongestWaits => _longest;

    /// <summary>When a process was started.</summary>
    public List<DateTimeOffset> Starts { get; } = [];

    public void Start(int process)
    {
        Starts.Add(TimeProvider.System.GetUtcNow());
        _processes[process] = WorkerProcess.Start(servers.EncryptionKey, null, servers.ArgumentsFor(process));
        _ = ListenAsync(process, _processes[process]);
    }

    public async Task KillAsync(int process)
    {
        await _processes[process].KillAsync();
        Start(process);
    }

    /// <summary>As a deployment does: the old one is asked to end while the new one starts.</summary>
    public void Replace(int process)
    {
        _processes[process].Terminate();
        Start(process);
    }

    public async Task FreezeAsync(int process, TimeSpan time)
    {
        var frozen = _processes[process];
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

    private async Task ListenAsync(int number, WorkerProcess process)
    {
        while (await process.TryReadLineAsync() is { } said)
            if (said.Split(' ', 3) is [var what, var line, var detail])
                Hear(number, process, what, line, detail);
    }

    private void Hear(int number, WorkerProcess process, string what, string line, string detail)
    {
        switch (what)
        {
            case "token" when _processes[number] == process:
                _tokens[(line, number)] = detail;
                break;

            case "failed":
                Failures.Enqueue((line, detail));
                break;

            case "waited":
                var waited = double.Parse(detail, CultureInfo.InvariantCulture);
                _longest.AddOrUpdate(line, waited, (_, longest) => Math.Max(longest, waited));
                break;
        }
    }
}
