namespace TokenAuth.Benchmarks;

/// <summary>Sends requests of one tenant, and says whose they are in one of the ways that an application has.</summary>
internal sealed class TenantRequestCaller(string name, HttpMessageInvoker invoker) : Caller(name)
{
    private static readonly HttpRequestOptionsKey<string> _option = new("Benchmark.Tenant");

    /// <summary>The Authorization header that is set by hand; null where a handler does it.</summary>
    public string? Authorization { get; init; }

    /// <summary>The tenant in an option that nobody reads, as an application would set one by hand.</summary>
    public string? Option { get; init; }

    /// <summary>The tenant as the request itself says it to TokenAuth.</summary>
    public string? Tenant { get; init; }

    public override void Send(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var sending = invoker.SendAsync(Request(), CancellationToken.None);
            if (!sending.IsCompletedSuccessfully)
                sending.GetAwaiter().GetResult();
        }
    }

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, StubHandler.Address);
        if (Option is not null)
            request.Options.Set(_option, Option);
        if (Tenant is not null)
            request.SetTokenTenant(Tenant);
        if (Authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", Authorization);

        return request;
    }
}
