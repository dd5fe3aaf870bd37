namespace TokenAuth.Benchmarks;

/// <summary>What the package adds to a program that is published, and to what a build downloads.</summary>
internal sealed class ProgramSize : IScenario
{
    private const double MB = 1e6;
    private const string Measure = "MB beyond one by hand";

    private const string ByHand = """
        using System.Text.Json;

        using var client = new HttpClient();
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "c")]);
        using var response = await client.PostAsync(args[0], form);
        using var grant = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Console.WriteLine(grant.RootElement.GetProperty("access_token").GetString()!.Length);
        """;

    private const string ByTokenAuth = """
        using TokenAuth;

        var options = new VkCloudOptions { ClientId = "c", ClientSecret = "s", TokenEndpoint = new Uri(args[0]) };
        using var provider = new VkCloudTokenProvider(options);
        Console.WriteLine((await provider.GetTokenAsync()).Value.Length);
        """;

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var workshop = await ProgramWorkshop.OpenAsync();

        return
        [
            new("a trimmed program", Measure, await BeyondAsync(workshop, "PublishTrimmed")) { IsGoal = false },
            new("a native program", Measure, await BeyondAsync(workshop, "PublishAot")) { IsGoal = false },
            await DownloadAsync(workshop),
        ];
    }

    private static async Task<double> BeyondAsync(ProgramWorkshop workshop, string publish) =>
        (
            await workshop.PublishAsync(ByTokenAuth, publish, ProgramWorkshop.TokenAuthPackage)
            - await workshop.PublishAsync(ByHand, publish, package: null)
        ) / MB;

    private static async Task<Row> DownloadAsync(ProgramWorkshop workshop)
    {
        var peers = new Dictionary<string, double>();
        foreach (var (name, package) in ProgramWorkshop.Peers)
            peers[name] = await workshop.DownloadAsync(package) / MB;

        return new(
            "what a build downloads for it",
            "MB of packages",
            await workshop.DownloadAsync(ProgramWorkshop.TokenAuthPackage) / MB
        )
        {
            IsGoal = false,
            Peers = peers,
        };
    }
}
