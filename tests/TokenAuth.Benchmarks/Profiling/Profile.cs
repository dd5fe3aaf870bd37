using System.Globalization;

namespace TokenAuth.Benchmarks;

/// <summary>Where the time and the bytes go that TokenAuth adds: what is left where a target is missed.</summary>
internal static class Profile
{
    private const int Rounds = 300;
    private const int Requests = 1_000_000;
    private const int ColdCallers = 10_000;
    private const int ColdRuns = 20;
    private const int TokenLength = 1064;
    private const double LeastBytes = 4;

    public static async Task RunAsync()
    {
        PrintSteps();
        await PrintBytesOfLaterAsync();
        await PrintBytesOfColdAsync();
        PrintStart();
    }

    private static void PrintSteps()
    {
        var endpoint = new FakeTokenEndpoint(new string('t', TokenLength));
        var authorization = "Bearer " + new string('t', TokenLength);
        var factory = new CallerFactory(Channel.Invoker, TokenLength, isLater: false);
        var samples = InterleavedRounds.Run(
            [
                factory.Create(CallerFactory.ByHand),
                Step("a handler that passes it on", new StepHandlers.Pass(), authorization),
                Step("one that places the header and takes it off", new StepHandlers.Place(authorization)),
                Step(
                    "one that asks the provider as well",
                    new StepHandlers.Obtain(new CachedTokenProvider(new WireTokenSource(endpoint)), authorization)
                ),
                factory.Create(CallerFactory.Bearer),
            ],
            Rounds
        );

        Begin("a warm request", "ns", "× by hand");
        foreach (var sample in samples)
            Print(sample.Caller, Text(sample.Nanoseconds, "0.0"), Text(sample.TimesFloor, "0.00"));
    }

    private static InvokerCaller Step(string name, DelegatingHandler handler, string? byHand = null)
    {
        var stub = new StubHandler(isLater: false);
        handler.InnerHandler = stub;

        return new(name, new HttpMessageInvoker(handler), stub)
        {
            ByHand = byHand is null ? null : ("Authorization", byHand),
        };
    }

    private static async Task PrintBytesOfLaterAsync()
    {
        var factory = new CallerFactory(Channel.Invoker, TokenLength, isLater: true);

        Task<Dictionary<string, double>> Sample(string name)
        {
            var caller = factory.Create(name);
            caller.Send(1);

            return AllocationSamples.TakeAsync(() =>
            {
                caller.Send(Requests);
                return Task.FromResult(Requests);
            });
        }

        var byHand = await Sample(CallerFactory.ByHand);
        var ours = await Sample(CallerFactory.Bearer);

        Begin("bytes of a request that is answered later", "by hand", "TokenAuth");
        foreach (var (type, bytes) in ours.OrderByDescending(type => type.Value).Where(type => type.Value > LeastBytes))
            Print(type, Text(byHand.GetValueOrDefault(type), "0"), Text(bytes, "0"));
    }

    private static async Task PrintBytesOfColdAsync()
    {
        await ColdStart.RunAsync(ContenderFactory.Ours, ColdCallers);
        var bytes = await AllocationSamples.TakeAsync(async () =>
        {
            for (var run = 0; run < ColdRuns; run++)
                await ColdStart.RunAsync(ContenderFactory.Ours, ColdCallers);

            return ColdRuns * ColdCallers;
        });

        Begin("bytes of a cold caller", "TokenAuth");
        foreach (
            var (type, share) in bytes.OrderByDescending(type => type.Value).Where(type => type.Value > LeastBytes)
        )
            Print(type, Text(share, "0"));
    }

    private static void PrintStart()
    {
        var runs = ProcessStart.Run([CallerFactory.ByHand, ContenderFactory.Ours]);

        Begin(["process start to first token", .. runs.Keys]);
        Row("ms", run => run.Elapsed.TotalMilliseconds);
        Row("ms of the JIT", run => run.Jit.TotalMilliseconds);
        Row("methods that it compiles", run => run.Methods);
        Row("assemblies loaded", run => run.Assemblies);

        void Row(string name, Func<FirstTokenRun, double> figure) =>
            Print([name, .. runs.Values.Select(run => Text(Medians.Of(run.Select(figure)), "0"))]);
    }

    private static void Begin(params string[] cells)
    {
        Console.WriteLine();
        Print(cells);
        Print([.. cells.Select(_ => "---")]);
    }

    private static void Print(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Text(double figure, string format) => figure.ToString(format, CultureInfo.InvariantCulture);
}
