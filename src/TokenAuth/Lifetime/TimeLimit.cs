namespace TokenAuth;

/// <summary>Runs something for a bounded time, even if it ignores cancellation.</summary>
internal static class TimeLimit
{
    /// <exception cref="TimeoutException">The limit passed; the message says what took too long.</exception>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> run,
        string what,
        TimeSpan limit,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var expiry = time.CreateCancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);

        // Elsewhere: what blocks instead of awaiting must not outlive its limit either.
        var running = Task.Run(() => run(either.Token), CancellationToken.None);

        // Left behind, it may still fail: nobody will look.
        _ = running.ContinueWith(
            static t => _ = t.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

        try
        {
            return await running.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
            when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{what} took longer than {limit.TotalSeconds:0} seconds.", exception);
        }
    }
}
