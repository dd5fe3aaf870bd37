namespace TokenAuth.Testing;

/// <content>Advances while work under way goes on in real time.</content>
public sealed partial class ManualTimeProvider
{
    // AdvanceUntilAsync takes these for a delay or a pause between attempts.
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(1);

    // A task that so many time-outs in a row have not ended needs the clock more than real time.
    private const int VainSteps = 10;

    // Where processors are free, a delay of one millisecond takes no longer than this: Windows' timers tick 64 times a second.
    private static readonly int _turnMilliseconds = OperatingSystem.IsWindows() ? 16 : 2;

    /// <summary>
    /// The least real time that <see cref="AdvanceUntilAsync(Task, TimeSpan, int)"/> gives the work under way before it moves the clock
    /// to a later timer; a tenth of it after ten such timers in a row. Set it longer for sockets on a busy machine, and shorter where the
    /// test wants time-outs to pass.
    /// </summary>
    /// <value>Positive. Two seconds unless set.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Advances until the task has completed, so that delays and retries of the code under test pass. While the next timer is due
    /// within a second, the clock moves step by step. While all timers are due later, as time-outs are, the method first gives
    /// the work under way <see cref="Patience"/> in real time. Then it moves the clock to the next timer.
    /// </summary>
    /// <exception cref="TimeoutException">The task did not complete within <paramref name="maxSteps"/> steps.</exception>
    public async Task AdvanceUntilAsync(Task task, TimeSpan step, int maxSteps = 1_000)
    {
        var vain = 0;
        for (
            var steps = 0;
            !await SettleAsync(task, vain < VainSteps ? Patience : Patience / 10).ConfigureAwait(false);
            steps++
        )
        {
            if (steps == maxSteps)
                throw new TimeoutException($"The task did not complete within {maxSteps} steps of {step}.");

            var next = NextTimer;
            vain = IsDelay(next) ? 0 : vain + 1;
            Advance(next > step && !IsDelay(next) ? next.Value : step);
        }

        await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="AdvanceUntilAsync(Task, TimeSpan, int)"/>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> task, TimeSpan step, int maxSteps = 1_000)
    {
        await AdvanceUntilAsync((Task)task, step, maxSteps).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    private async Task<bool> SettleAsync(Task task, TimeSpan patience)
    {
        for (var yields = 0; yields < 8 && !task.IsCompleted; yields++)
            await Task.Yield();

        // Turns are counted too: where processors are short, each takes as long as the work under way has to wait for its own.
        var since = System.GetTimestamp();
        var turns = 0;
        do
        {
            if (!task.IsCompleted)
                await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(1), System)).ConfigureAwait(false);
        } while (
            !task.IsCompleted
            && (++turns < patience.TotalMilliseconds / _turnMilliseconds || System.GetElapsedTime(since) < patience)
            && !IsDelay(NextTimer)
        );

        return task.IsCompleted;
    }

    private static bool IsDelay(TimeSpan? untilTimer) => untilTimer <= _longestDelay;
}
