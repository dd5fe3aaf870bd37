namespace TokenAuth.Benchmarks;

/// <summary>The short version of everything, in a few minutes: a table with targets, JSON, and a chart.</summary>
internal static class Report
{
    private const string AtOnce = "answered at once, 1064 characters";

    private static readonly IReadOnlyDictionary<string, Func<IScenario>> _scenarios = new Dictionary<
        string,
        Func<IScenario>
    >
    {
        ["warm"] = () =>
            new WarmPath(AtOnce, new(Channel.Invoker, 1064, isLater: false), CallerFactory.ByHand)
            {
                Handlers = AllHandlers(bearerTime: 1.6, bytes: 0),
            },
        ["later"] = () =>
            new WarmPath(
                "answered later, 1064 characters",
                new(Channel.Invoker, 1064, isLater: true),
                CallerFactory.ByHand
            )
            {
                Handlers = AllHandlers(bearerTime: 1.8, bytes: 112),
            },
        ["short"] = () =>
            new WarmPath(
                "answered at once, 64 characters",
                new(Channel.Invoker, 64, isLater: false),
                CallerFactory.ByHand
            )
            {
                Handlers = QueryAndBearer(),
            },
        ["new"] = () =>
            new WarmPath(
                "each to a new address, 64 characters",
                new(Channel.Invoker, 64, isLater: false) { AsksNewAddresses = true },
                CallerFactory.ByHand
            )
            {
                Handlers = QueryAndBearer(),
                Peers = [], // none of them builds an address
            },
        ["client"] = () =>
            new WarmPath(
                "HttpClient, 1064 characters",
                new(Channel.Client, 1064, isLater: false),
                CallerFactory.DefaultHeaders
            )
            {
                Handlers = AllHandlers(bearerTime: 1.10, bytes: 0),
            },
        ["factory"] = () =>
            new WarmPath(
                "IHttpClientFactory, 1064 characters",
                new(Channel.FactoryClient, 1064, isLater: false),
                CallerFactory.DefaultHeaders
            )
            {
                Handlers = AllHandlers(bearerTime: 1.10, bytes: 0),
            },
        ["socket"] = () => new OverSocket(),
        ["contention"] = () => new Contention(),
        ["cold"] = () => new ColdStart(),
        ["renewal"] = () => new Renewal(),
        ["failing"] = () => new FailingEndpoint(),
        ["browser"] = () => new BrowserEndpoint(),
        ["start"] = () => new ProcessStart(),
        ["many"] = () => new ManyProviders(),
        ["size"] = () => new ProgramSize(),
        ["warm-tenants"] = () => new WarmTenants(),
        ["tenants"] = () => new Tenants(),
        ["fleets"] = () => new FleetRenewals(),
        ["steady"] = () => new SteadyFleet(),
    };

    public static IEnumerable<string> ScenarioNames => _scenarios.Keys;

    public static Task<IReadOnlyList<Row>> RunScenarioAsync(string name) => _scenarios[name]().RunAsync();

    /// <param name="directory">Where the files go; none are written for some scenarios only.</param>
    /// <param name="only">The scenarios to run; all of them when empty.</param>
    /// <returns>The exit status: 1 when a figure that is counted misses its target.</returns>
    public static async Task<int> RunAsync(string directory, IReadOnlyCollection<string> only)
    {
        var rows = new List<Row>();
        foreach (var name in _scenarios.Keys)
        {
            if (only.Count > 0 && !only.Contains(name))
                continue;

            await Console.Error.WriteLineAsync($"{name} …");
            rows.AddRange(ScenarioProcess.Run(name));
        }

        Console.WriteLine(ReportFile.Machine);
        Console.WriteLine();
        Console.WriteLine(MarkdownTable.Write([.. rows.Where(row => row.IsGoal)]));
        Console.WriteLine(MarkdownTable.Write([.. rows.Where(row => !row.IsGoal)]));
        foreach (var row in rows.Where(row => !row.IsMet || !row.IsAhead))
            Console.WriteLine($"{(row.IsMet ? "Not ahead" : "Missed")}: {row.Scenario}: {row.Measure}");

        if (only.Count == 0)
            await WriteFilesAsync(directory, rows);

        return rows.Any(row => row is { IsMet: false, Target.IsExact: true }) ? 1 : 0;
    }

    private static async Task WriteFilesAsync(string directory, List<Row> rows)
    {
        var warm = rows.FindAll(row => row.Scenario == $"{CallerFactory.Bearer}, {AtOnce}");
        await File.WriteAllTextAsync(Path.Combine(directory, "report.json"), ReportFile.Write(rows) + "\n");
        await File.WriteAllTextAsync(
            Path.Combine(directory, "report.svg"),
            BarChart.Write(
                ("Time of a request, beside one whose header is set by hand (logarithmic)", 1, 1, warm[0]),
                ("Bytes it allocates beyond that one (logarithmic)", 10, 0, warm[1])
            )
        );
    }

    // Only the time of Bearer has a target; the others inform.
    private static Dictionary<string, WarmPathLimits> AllHandlers(double bearerTime, long bytes) =>
        new()
        {
            [CallerFactory.Bearer] = new(bearerTime, bytes),
            [CallerFactory.BearerOverVkCloud] = new(null, bytes),
            [CallerFactory.Key] = new(null, bytes),
            [CallerFactory.Query] = new(null, bytes),
        };

    private static Dictionary<string, WarmPathLimits> QueryAndBearer() =>
        new() { [CallerFactory.Query] = new(2.2, 840), [CallerFactory.Bearer] = new(null, 0) };
}
