namespace TokenAuth.Benchmarks;

/// <summary>One whose clock can be put forward.</summary>
internal sealed class ClockContender(
    string name,
    FakeTokenEndpoint endpoint,
    ShiftedTimeProvider clock,
    DelegatingHandler handler,
    TimeSpan untilAged
) : Contender(name, endpoint)
{
    private static readonly TimeSpan _untilExpired = TimeSpan.FromMinutes(61);

    private readonly HttpMessageInvoker _invoker = new(handler);

    public override Task SendAsync(CancellationToken cancellationToken) =>
        _invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, StubHandler.Address), cancellationToken);

    public override Task HoldAgedTokenAsync() => HoldAsync(untilAged);

    public override Task HoldExpiredTokenAsync() => HoldAsync(_untilExpired);

    private async Task HoldAsync(TimeSpan age)
    {
        await SendAsync(CancellationToken.None);
        clock.Advance(age);
    }
}
