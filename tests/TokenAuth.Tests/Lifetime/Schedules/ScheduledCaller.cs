namespace TokenAuth.Tests.Lifetime.Schedules;

/// <summary>Somebody who asks for one token and may give up.</summary>
internal sealed class ScheduledCaller(RandomSchedule schedule)
{
    private readonly CancellationTokenSource _gone = new();
    private Task _waiting = Task.CompletedTask;

    public AccessToken? Token { get; private set; }

    public Exception? Failure { get; private set; }

    public bool IsDone => _waiting.IsCompleted;

    /// <summary>Whether the caller has given up and is about to return, perhaps on another thread.</summary>
    public bool IsLeaving => _gone.IsCancellationRequested && !IsDone;

    public void Start(CachedTokenProvider provider) => _waiting = AskAsync(provider);

    public void Cancel() => _gone.Cancel();

    /// <summary>Whether the caller is served; a failure other than those a caller may see fails the test.</summary>
    public bool Verify()
    {
        if (!_waiting.IsCompleted)
        {
            Assert.False(_gone.IsCancellationRequested, "A cancelled caller still waits.");
            return false;
        }

        _waiting.GetAwaiter().GetResult();

        return true;
    }

    private async Task AskAsync(CachedTokenProvider provider)
    {
        try
        {
            var token = await provider.GetTokenAsync(_gone.Token).ConfigureAwait(false);
            schedule.HandOut(token);
            Token = token;
        }
        catch (Exception exception)
            when (exception is TokenAcquisitionException or ObjectDisposedException
                || (exception is OperationCanceledException && _gone.IsCancellationRequested)
            )
        {
            Failure = exception; // one that a caller may see
            schedule.Fail(exception);
        }
    }
}
