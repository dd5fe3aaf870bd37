#if !NETSTANDARD_ASSEMBLY
namespace TokenAuth.Tests.Storage;

public sealed class DiskWorkTests
{
    private readonly DiskWork _work = new("/store");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Failure", "41")]
    public async Task A_disk_that_hangs_does_not_hold_the_caller_and_what_comes_later_is_given_back()
    {
        using var disk = new ManualResetEventSlim();
        using var impatient = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var givenBack = new TaskCompletionSource<string>();
        var work = _work.RunAsync(
            () =>
            {
                begun.SetResult();
                disk.Wait(Cancellation);
                return "lease";
            },
            impatient.Token,
            whenAbandoned: givenBack.SetResult
        );
        await begun.Task;

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            work.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)
        );
        Assert.False(givenBack.Task.IsCompleted);
        disk.Set();

        Assert.Equal("lease", await givenBack.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task What_was_waited_for_is_not_given_back()
    {
        var givenBack = false;

        var result = await _work.RunAsync(() => "lease", Cancellation, whenAbandoned: _ => givenBack = true);

        Assert.Equal(("lease", false), (result, givenBack));
    }
}
#endif
