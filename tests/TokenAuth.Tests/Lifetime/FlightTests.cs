namespace TokenAuth.Tests.Lifetime;

public sealed class FlightTests
{
    [Fact]
    public async Task Callers_of_an_inline_flight_go_on_before_it_has_landed()
    {
        var flight = new Flight(RenewalReason.First, cause: null, isInline: true);
        var caller = flight.Landed.ContinueWith(
            _ => Environment.CurrentManagedThreadId,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

        var here = Environment.CurrentManagedThreadId;
        flight.Land(Renewal.Disposed);

        Assert.True(caller.IsCompletedSuccessfully);
        Assert.Equal(here, await caller);
    }
}
