namespace TokenAuth;

/// <summary>Stores a grant that could not be stored when it was obtained, as soon as the store works again.</summary>
internal sealed class LateSaving(GrantRenewal renewal, TimeProvider time)
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Busy = 2;

    private static readonly TimeSpan _again = TimeSpan.FromSeconds(30);

    private int _state; // changed by whoever takes it out of Idle

    /// <summary>Whether it is at the store right now, neither idle nor waiting for the next try.</summary>
    public bool IsBusy => Volatile.Read(ref _state) == Busy;

    /// <summary>Goes on in the background until nothing is left to store or the provider ends.</summary>
    public void Start(CancellationTokenSource lifetime)
    {
        if (renewal.Unsaved is not null && Interlocked.CompareExchange(ref _state, Busy, Idle) == Idle)
            _ = RunAsync(lifetime);
    }

    private async Task RunAsync(CancellationTokenSource lifetime)
    {
        try
        {
            do
            {
                var pause = time.Delay(_again, lifetime.Token);
                Volatile.Write(ref _state, Waiting);
                await pause.ConfigureAwait(false);
                Volatile.Write(ref _state, Busy);
            } while (!await renewal.SaveAsync(lifetime.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The provider ended.
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
            if (!lifetime.IsCancellationRequested)
                Start(lifetime); // a flight may have left one while this run was ending
        }
    }
}
