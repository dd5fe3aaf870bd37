using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.IntegrationTests.DependencyInjection;

/// <summary>
/// Thousands of providers to the first token of one. What grows with their square took 5 to 29 seconds in each of these; the
/// targets (1 s) are the benchmarks'; the limit here is of this process's processor time, which a busy machine hardly changes.
/// </summary>
[Trait("Failure", "78")]
[Collection(MeasuredAlone.Name)]
public sealed class ManyProvidersTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_thousand_clients_in_a_container_cost_linear_time()
    {
        var elapsed = await FastestAsync(() =>
            FirstTokenAsync(services =>
            {
                for (var i = 0; i < 5_000; i++)
                    services.AddTokenAuth().AddVkCloud(Name(i), Configure);
            })
        );

        Assert.InRange(elapsed, TimeSpan.Zero, _limit);
    }

    [Fact]
    public async Task Five_thousand_clients_whose_settings_may_change_cost_linear_time()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection().Build();

        var elapsed = await FastestAsync(() =>
            FirstTokenAsync(services =>
            {
                for (var i = 0; i < 5_000; i++)
                {
                    services.AddTokenAuth().AddVkCloud(Name(i), Configure);
                    services.Configure<VkCloudOptions>(Name(i), section);
                }
            })
        );

        Assert.InRange(elapsed, TimeSpan.Zero, _limit);
    }

    [Fact]
    public async Task Two_thousand_children_of_a_section_cost_little()
    {
        var values = Enumerable
            .Range(0, 2_000)
            .SelectMany(i => new Dictionary<string, string?>
            {
                [$"TokenAuth:{Name(i)}:Provider"] = "VkCloud",
                [$"TokenAuth:{Name(i)}:ClientId"] = "mcs.voice",
                [$"TokenAuth:{Name(i)}:ClientSecret"] = "secret",
            })
            .ToList();
        var section = new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("TokenAuth");

        var elapsed = await FastestAsync(() => FirstTokenAsync(services => services.AddTokenAuth(section)));

        Assert.InRange(elapsed, TimeSpan.Zero, _limit);
    }

    [Fact]
    public async Task Twenty_thousand_providers_made_with_new_cost_linear_time()
    {
        var elapsed = await FastestAsync(async () =>
        {
            using var client = new HttpClient(Endpoint());
            var providers = new List<VkCloudTokenProvider>();
            for (var i = 0; i < 20_000; i++)
            {
                var options = new VkCloudOptions();
                Configure(options);
                providers.Add(new VkCloudTokenProvider(options, client));
            }

            await providers[^1].GetTokenAsync(Cancel);
            providers.ForEach(provider => provider.Dispose());
        });

        Assert.InRange(elapsed, TimeSpan.Zero, _limit);
    }

    private static async Task FirstTokenAsync(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection();
        services.AddTokenAuth().ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => Endpoint()));
        register(services);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<ITokenProvider>(Name(1_999)).GetTokenAsync(Cancel);
    }

    // Another test's leftovers, or the machine's other work, are not what is measured.
    private static async Task<TimeSpan> FastestAsync(Func<Task> act)
    {
        var fastest = TimeSpan.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            var start = ProcessorTime();
            await act();
            var elapsed = ProcessorTime() - start;
            fastest = elapsed < fastest ? elapsed : fastest;
        }

        TestContext.Current.SendDiagnosticMessage($"{fastest.TotalSeconds:0.00} s");

        return fastest;
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();

        return process.TotalProcessorTime;
    }

    private static OpaqueHandler Endpoint() =>
        new(request =>
            new()
            {
                RequestMessage = request,
                Content = new StringContent(
                    """{"access_token":"access","refresh_token":"refresh","expired_in":"3600"}"""
                ),
            }
        );

    private static string Name(int number) => FormattableString.Invariant($"client-{number}");

    private static void Configure(VkCloudOptions options) =>
        (options.ClientId, options.ClientSecret) = ("mcs.voice", "secret");
}
