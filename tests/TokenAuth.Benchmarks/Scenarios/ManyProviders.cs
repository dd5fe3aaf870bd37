using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Benchmarks;

/// <summary>From the first registration of thousands of providers to the first token of one of them.</summary>
internal sealed class ManyProviders : IScenario
{
    private const int InContainer = 5_000;
    private const int WithNew = 20_000;
    private const int Runs = 5;

    public async Task<IReadOnlyList<Row>> RunAsync() =>
        [
            await RowAsync("5 000 VK clients in a container", OfContainerAsync),
            await RowAsync("20 000 providers made with new", OfNewAsync),
        ];

    private static async Task<Row> RowAsync(string scenario, Func<Task> reachFirstToken)
    {
        var runs = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await reachFirstToken();
            if (run > 0) // the first one compiles
                runs.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return new(scenario, "seconds to the first token", Medians.Of(runs)) { Target = Limit.AtMost(1.0) };
    }

    private static async Task OfContainerAsync()
    {
        using var endpoint = new FakeTokenEndpoint("token");
        var services = new ServiceCollection();
        var builder = services
            .AddTokenAuth()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => endpoint));
        for (var i = 0; i < InContainer; i++)
            builder.AddVkCloud(FormattableString.Invariant($"client-{i}"), Configure);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<ITokenProvider>("client-4999").GetTokenAsync();
    }

    private static async Task OfNewAsync()
    {
        using var endpoint = new FakeTokenEndpoint("token");
        using var client = new HttpClient(endpoint);
        var providers = new VkCloudTokenProvider[WithNew];
        for (var i = 0; i < WithNew; i++)
        {
            var options = new VkCloudOptions();
            Configure(options);
            providers[i] = new VkCloudTokenProvider(options, client);
        }

        await providers[WithNew - 1].GetTokenAsync();
        foreach (var provider in providers)
            await provider.DisposeAsync();
    }

    private static void Configure(VkCloudOptions options) =>
        (options.ClientId, options.ClientSecret) = ("mcs.voice", "secret");
}
