using System.Diagnostics;
using System.Net;

namespace TokenAuth.Benchmarks;

/// <summary>50 callers, nothing in memory, and an endpoint that answers 503.</summary>
internal sealed class FailingEndpoint : IScenario
{
    private const int Callers = 50;

    // How often each tries before it gives up.
    private static readonly Dictionary<string, int> _attempts = new()
    {
        [ContenderFactory.Ours] = 3,
        [CallerFactory.Semaphore] = 1,
        [CallerFactory.Google] = 3,
        [CallerFactory.Azure] = 1,
        [CallerFactory.Msal] = 2,
    };
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var figures = new Dictionary<string, (double Series, double Time)>();
        foreach (var name in new[] { ContenderFactory.Ours }.Concat(CallerFactory.Peers))
        {
            if (name == ContenderFactory.Ours)
                await RunAsync(name); // the JIT's time is not the callers'
            figures[name] = await RunAsync(name);
        }

        Row Row(string measure, Limit target, string format, Func<(double Series, double Time), double> figure) =>
            new("failing endpoint, 50 callers", measure, figure(figures[ContenderFactory.Ours]))
            {
                Target = target,
                Peers = CallerFactory.Peers.ToDictionary(peer => peer, peer => figure(figures[peer])),
                Format = format,
            };

        return
        [
            Row("attempt series", Limit.Counted(1), "0", run => run.Series),
            Row("last caller told, × the series' time", Limit.AtMost(1.10), "0.00", run => run.Time),
        ];
    }

    private static async Task<(double Series, double Time)> RunAsync(string name)
    {
        var contender = ContenderFactory.Create(name);
        contender.Endpoint.Status = HttpStatusCode.ServiceUnavailable;
        contender.Endpoint.Delay = TimeSpan.FromMilliseconds(50);
        using var patience = new CancellationTokenSource(_patience);

        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => SendInVainAsync(contender, patience.Token)));
        var elapsed = Stopwatch.GetElapsedTime(start);

        return (Math.Ceiling(contender.Endpoint.Calls / (double)_attempts[name]), elapsed / contender.Endpoint.Busy);
    }

    private static async Task SendInVainAsync(Contender contender, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => contender.SendAsync(cancellationToken), CancellationToken.None);
        }
#pragma warning disable CA1031 // each library has its own
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }

        throw new InvalidOperationException($"{contender.Name} sent a request without a token.");
    }
}
