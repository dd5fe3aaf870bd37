namespace TokenAuth.Tests.Telemetry;

/// <summary>Waits in real time for work on the thread pool; the clock of the test stands still.</summary>
internal static class Patience
{
    public static async Task Until(Func<bool> holds)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(TimeSpan.FromSeconds(60));
        while (!holds())
        {
            end.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
