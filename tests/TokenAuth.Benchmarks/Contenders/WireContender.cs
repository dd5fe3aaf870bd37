namespace TokenAuth.Benchmarks;

/// <summary>One who reads the system's clock himself: the endpoint grants tokens that age by themselves.</summary>
internal sealed class WireContender(
    string name,
    FakeTokenEndpoint endpoint,
    Func<CancellationToken, Task> send,
    WireContender.Grant aged,
    WireContender.Grant expiring
) : Contender(name, endpoint)
{
    private static readonly TimeSpan _granted = TimeSpan.FromHours(1);
    private static readonly TimeSpan _ageing = TimeSpan.FromMilliseconds(1_200);

    public override Task SendAsync(CancellationToken cancellationToken) => send(cancellationToken);

    public override Task HoldAgedTokenAsync() => HoldAsync(aged);

    public override Task HoldExpiredTokenAsync() => HoldAsync(expiring);

    private async Task HoldAsync(Grant grant)
    {
        Endpoint.Lifetime = grant.Lifetime;
        Endpoint.RefreshAfter = grant.RefreshAfter;
        await SendAsync(CancellationToken.None);
        Endpoint.Lifetime = _granted;
        Endpoint.RefreshAfter = null;
        await Task.Delay(_ageing);
    }

    /// <summary>What the endpoint says of a token's life.</summary>
    internal sealed record Grant(TimeSpan Lifetime, TimeSpan? RefreshAfter = null);
}
