namespace TokenAuth;

/// <summary>Runs blocking work on a pool thread: a disk that hangs must not hold a caller beyond its own time limit.</summary>
internal sealed class DiskWork(string directory)
{
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken, Action<T>? whenAbandoned = null)
    {
        var task = Task.Run(work, cancellationToken);
        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = AbandonAsync(task, whenAbandoned);
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenStoreException(
                $"The token store in '{directory}' cannot be used ({e.Message}). "
                    + "Check that the directory is writable for this user and that the disk is not full.",
                e
            );
        }
    }

    private static async Task AbandonAsync<T>(Task<T> task, Action<T>? whenAbandoned)
    {
        await Task.WhenAny(task).ConfigureAwait(false);
        if (task.Status == TaskStatus.RanToCompletion)
            whenAbandoned?.Invoke(await task.ConfigureAwait(false));
        else
            _ = task.Exception; // observed: the caller has left
    }
}
