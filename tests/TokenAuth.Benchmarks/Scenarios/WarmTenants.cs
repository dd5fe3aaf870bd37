namespace TokenAuth.Benchmarks;

/// <summary>A tenant's token is in memory and fresh: what does its request cost beyond one whose header is set by hand?</summary>
internal sealed class WarmTenants : IScenario
{
    private const int Rounds = 300;
    private const string Header = "header by hand";
    private const string HeaderAndOption = "header and option by hand";

    private static readonly string _authorization = "Bearer " + new string('t', 50);

    public Task<IReadOnlyList<Row>> RunAsync() =>
        Task.FromResult<IReadOnlyList<Row>>([
            .. ByOptions(), // first: a process in which no request says its tenant does not look for it
            .. ByRequest(),
        ]);

    private static IEnumerable<Row> ByOptions() =>
        Warm(
            "o.Tenant",
            new TenantRequestCaller("o.Tenant", Invoker(o => o.Tenant = _ => "acme")),
            new TenantRequestCaller(Header, TenantServices.InvokerByHand()) { Authorization = _authorization }
        );

    private static IEnumerable<Row> ByRequest() =>
        Warm(
            "SetTokenTenant",
            new TenantRequestCaller("SetTokenTenant", Invoker()) { Tenant = "acme" },
            new TenantRequestCaller(HeaderAndOption, TenantServices.InvokerByHand())
            {
                Authorization = _authorization,
                Option = "acme",
            }
        );

    private static IEnumerable<Row> Warm(string name, Caller ours, Caller byHand)
    {
        var sample = InterleavedRounds.Run([byHand, ours], Rounds)[1];

        yield return new($"{name}, 50 characters", $"time, × {byHand.Name}", sample.TimesFloor)
        {
            Target = Limit.AtMost(2.5),
        };
        yield return new($"{name}, 50 characters", "extra bytes", sample.ExtraBytes)
        {
            Target = Limit.Counted(0),
            Format = "0",
        };
    }

    private static HttpMessageInvoker Invoker(Action<TokenHandlerOptions>? configure = null) =>
        TenantServices.Invoker(TenantServices.Create(configure: configure));
}
