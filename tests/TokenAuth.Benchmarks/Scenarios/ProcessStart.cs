using System.Diagnostics;

namespace TokenAuth.Benchmarks;

/// <summary>From the start of a process to its first token, JIT included, over a loopback socket.</summary>
internal sealed class ProcessStart : IScenario
{
    private const int Rounds = 21;

    public Task<IReadOnlyList<Row>> RunAsync()
    {
        var runs = Run([CallerFactory.ByHand, ContenderFactory.Ours, CallerFactory.Google, CallerFactory.Msal]);

        return Task.FromResult<IReadOnlyList<Row>>([
            Row("time, × by hand", runs, run => run.Elapsed) with
            {
                Target = Limit.AtMost(1.20),
            },
            Row("processor time, × by hand", runs, run => run.Processor) with
            {
                IsGoal = false,
            },
        ]);
    }

    public static Dictionary<string, List<FirstTokenRun>> Run(string[] names)
    {
        using var server = new LoopbackServer(
            "application/json",
            """{"access_token":"t","token_type":"Bearer","expires_in":3600,"expired_in":"3600"}"""
        );
        var runs = names.ToDictionary(name => name, _ => new List<FirstTokenRun>());
        for (var round = 0; round <= Rounds; round++)
            foreach (var name in names)
            {
                var run = Start(name, server.Address);
                if (round > 0) // the first one reads the disk
                    runs[name].Add(run);
            }

        return runs;
    }

    private static Row Row(
        string measure,
        Dictionary<string, List<FirstTokenRun>> runs,
        Func<FirstTokenRun, TimeSpan> figure
    )
    {
        double TimesByHand(string name) =>
            Medians.Of(runs[name].Zip(runs[CallerFactory.ByHand], (run, byHand) => figure(run) / figure(byHand)));

        return new("process start to first token", measure, TimesByHand(ContenderFactory.Ours))
        {
            Peers = runs
                .Keys.Except([CallerFactory.ByHand, ContenderFactory.Ours])
                .ToDictionary(name => name, TimesByHand),
        };
    }

    private static FirstTokenRun Start(string by, Uri endpoint)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo("dotnet")
            {
                ArgumentList =
                {
                    typeof(ProcessStart).Assembly.Location,
                    FirstTokenProgram.Verb,
                    by,
                    endpoint.OriginalString,
                },
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var processor = process.StandardOutput.ReadLine();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var rest = process.StandardOutput.ReadLine();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"No first token by '{by}': exit status {process.ExitCode}.");

        return FirstTokenRun.Parse(processor!, rest!) with
        {
            Elapsed = elapsed,
        };
    }
}
