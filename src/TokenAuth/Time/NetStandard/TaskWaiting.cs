namespace TokenAuth;

/// <summary>What Task has elsewhere and netstandard2.0 lacks.</summary>
internal static class TaskWaiting
{
    public static Task<T> WaitAsync<T>(this Task<T> task, CancellationToken cancellationToken) =>
        task.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
