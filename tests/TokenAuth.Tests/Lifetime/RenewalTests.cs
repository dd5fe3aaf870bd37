namespace TokenAuth.Tests.Lifetime;

public sealed class RenewalTests
{
    [Fact]
    public async Task Callers_of_an_inline_renewal_go_on_before_it_has_completed()
    {
        var renewal = new Renewal(RenewalReason.First, known: null, TimeSpan.Zero, isInline: true);
        var caller = renewal.Completed.ContinueWith(
            _ => Environment.CurrentManagedThreadId,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

        var here = Environment.CurrentManagedThreadId;
        renewal.Complete(new RenewalOutcome.Ended());

        Assert.True(caller.IsCompletedSuccessfully);
        Assert.Equal(here, await caller);
    }

    [Fact]
    public async Task A_caller_that_blocks_where_it_goes_on_does_not_hold_up_who_completes_the_renewal()
    {
        var renewal = new Renewal(RenewalReason.First, known: null, TimeSpan.Zero, isInline: false);
        using var completed = new ManualResetEventSlim();
        var caller = renewal.Completed.ContinueWith(
            _ => completed.Wait(TimeSpan.FromSeconds(10)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

        renewal.Complete(new RenewalOutcome.Ended());
        completed.Set();

        Assert.True(await caller);
    }
}
