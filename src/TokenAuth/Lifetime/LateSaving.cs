namespace TokenAuth;

/// <summary>Stores a grant that could not be stored when it was obtained, as soon as the store works again.</summary>
internal sealed class LateSaving(GrantRenewal renewal, TimeProvider time)
{
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(30);

    private int _isRunning;
    private int _isTrying;

    /// <summary>Whether it is at the store right now, not waiting for the next try.</summary>
    public bool IsTrying => Volatile.Read(ref _isTrying) == 1;

    /// <summary>Goes on in the background until nothing is left to store or the provider ends.</summary>
    public void Start(CancellationTokenSource lifetime)
    {
        if (renewal.Unsaved is not null && Interlocked.Exchange(ref _isRunning, 1) == 0)
            _ = RunAsync(lifetime);
    }

    private async Task RunAsync(CancellationTokenSource lifetime)
    {
        try
        {
            do
            {
                await time.Delay(_again, lifetime.Token).ConfigureAwait(false);
            } while (!await TryAsync(lifetime.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The provider ended.
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
            if (!lifetime.IsCancellationRequested)
                Start(lifetime); // a flight may have left one while this run was ending
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isTrying, 1);
        try
        {
            return await renewal.SaveAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isTrying, 0);
        }
    }
}
