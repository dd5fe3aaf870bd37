namespace TokenAuth;

/// <summary>Members of Task that netstandard2.0 lacks.</summary>
internal static class TaskWaiting
{
    public static Task<T> WaitAsync<T>(this Task<T> task, CancellationToken cancellationToken) =>
        task.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
