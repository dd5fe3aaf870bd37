using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Benchmarks;

/// <summary>A credential for each customer: what a tenant costs in memory, and on the way to its first request.</summary>
internal sealed class Tenants : IScenario
{
    private const int Many = 100_000;
    private const int AtOnce = 1_000;

    public async Task<IReadOnlyList<Row>> RunAsync() =>
        [
            .. await HeldAsync("tenants of VK Cloud", store: null),
            .. await HeldAsync("tenants of VK Cloud with a store", new EmptyStore()),
            await FirstRequestsAsync(),
        ];

    private static async Task<IReadOnlyList<Row>> HeldAsync(string scenario, ITokenStore? store)
    {
        var names = Names(Many);
        await using var services = TenantServices.Create(store: store);
        var tenants = services.GetRequiredService<ITokenTenants>();
        var invoker = TenantServices.Invoker(services);
        await SendAsync(invoker, "first");

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        foreach (var name in names)
            await tenants.GetAsync(TenantServices.Voice, name);
        var adding = Stopwatch.GetElapsedTime(start);
        var idle = BytesEach(before);
        foreach (var name in names)
            await (await tenants.GetAsync(TenantServices.Voice, name)).GetTokenAsync();
        var withToken = BytesEach(before);
        foreach (var name in names)
            await SendAsync(invoker, name);
        var used = BytesEach(before);

        return
        [
            Bytes(scenario, "bytes, idle", idle, 2_048),
            Bytes(scenario, "bytes, with a token", withToken, 4_096),
            Bytes(scenario, "bytes, with a token that a client has sent", used, 4_096),
            new(scenario, $"seconds to add {Many:N0}", adding.TotalSeconds),
        ];
    }

    private static Row Bytes(string scenario, string measure, double bytes, double atMost) =>
        new(scenario, measure, bytes) { Target = Limit.AtMost(atMost), Format = "0" };

    private static double BytesEach(long before) =>
        (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Many;

    private static async Task<Row> FirstRequestsAsync()
    {
        var runs = new List<double>();
        for (var run = 0; run < 6; run++)
        {
            using var endpoint = new FakeTokenEndpoint(new string('t', 50)) { Delay = TimeSpan.FromMilliseconds(100) };
            await using var services = TenantServices.Create(endpoint);
            var invoker = TenantServices.Invoker(services);
            var names = Names(AtOnce);

            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll(names.Select(name => SendAsync(invoker, name)));
            if (run > 0) // the first one compiles
                runs.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return new("first request of 1 000 tenants at once", "seconds, of an endpoint that takes 0.1", Medians.Of(runs))
        {
            Target = Limit.AtMost(0.5),
        };
    }

    private static async Task SendAsync(HttpMessageInvoker invoker, string tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, StubHandler.Address);
        request.SetTokenTenant(tenant);
        await invoker.SendAsync(request, CancellationToken.None);
    }

    private static string[] Names(int count) =>
        [.. Enumerable.Range(0, count).Select(n => n.ToString("D6", CultureInfo.InvariantCulture))];
}
