namespace TokenAuth;

/// <summary>
/// Runs something for a bounded time, even if it blocks or ignores cancellation: it is left behind then, and what it brings later is given back.
/// </summary>
/// <param name="what">The work in the words with which a message begins.</param>
internal sealed class TimeLimit(string what, TimeSpan limit, TimeProvider time)
{
    /// <param name="giveBack">Takes what comes when nobody waits for it any more.</param>
    /// <exception cref="TimeLimitException">The limit passed; the message says what took too long.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> run,
        CancellationToken cancellationToken,
        Func<T, Task>? giveBack = null
    )
    {
        using var expiry = time.CreateCancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        var end = either.Token;

        // Elsewhere: what blocks instead of awaiting must not outlive its limit either.
        var running = Task.Run(() => run(end), CancellationToken.None);

        try
        {
            return await running.WaitAsync(end).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (end.IsCancellationRequested)
        {
#pragma warning disable CA2025 // what runs has a token, which outlives its source
            _ = LeaveAsync(running, giveBack);
#pragma warning restore CA2025
            if (cancellationToken.IsCancellationRequested)
                throw;

            throw new TimeLimitException($"{what} took longer than {limit.TotalSeconds:0} seconds.", exception);
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<CancellationToken, Task> run, CancellationToken cancellationToken) =>
        RunAsync(
            async end =>
            {
                await run(end).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    // Left behind, it may still fail: nobody will look.
    private static async Task LeaveAsync<T>(Task<T> running, Func<T, Task>? giveBack)
    {
        try
        {
            var late = await running.ConfigureAwait(false);
            if (giveBack is not null)
                await giveBack(late).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // see above
        catch (Exception) { }
#pragma warning restore CA1031
    }
}
