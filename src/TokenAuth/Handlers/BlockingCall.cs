#if NET
namespace TokenAuth;

/// <summary>Waits for asynchronous work in a synchronous method.</summary>
internal static class BlockingCall
{
    /// <summary>
    /// Work started here runs where no <see cref="SynchronizationContext"/> and no <see cref="TaskScheduler"/> of the caller can be
    /// captured: whatever it awaits goes on while the caller's thread is blocked.
    /// </summary>
    public static T Wait<TState, T>(Func<TState, ValueTask<T>> work, TState state)
    {
        if (SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default)
            return WaitElsewhere(work, state);

        var working = work(state);
        return working.IsCompletedSuccessfully ? working.Result : working.AsTask().GetAwaiter().GetResult();
    }

    // Apart from the above, which would make the closure in any case.
    private static T WaitElsewhere<TState, T>(Func<TState, ValueTask<T>> work, TState state) =>
        Task.Run(() => work(state).AsTask()).GetAwaiter().GetResult();
}
#endif
