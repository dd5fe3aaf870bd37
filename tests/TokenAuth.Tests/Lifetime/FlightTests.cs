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

    [Fact]
    public async Task A_caller_that_blocks_where_it_goes_on_does_not_hold_up_who_lands_the_flight()
    {
        var flight = new Flight(RenewalReason.First, cause: null, isInline: false);
        using var landed = new ManualResetEventSlim();
        var caller = flight.Landed.ContinueWith(
            _ => landed.Wait(TimeSpan.FromSeconds(10)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

        flight.Land(Renewal.Disposed);
        landed.Set();

        Assert.True(await caller);
    }
}
