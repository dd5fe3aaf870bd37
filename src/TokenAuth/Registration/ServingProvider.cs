namespace TokenAuth;

/// <summary>The provider that serves until the options change. Its optional interfaces are looked up once, not for each request.</summary>
internal sealed class ServingProvider(ITokenProvider provider)
{
    private readonly TaskCompletionSource<bool> _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ITokenProvider Provider { get; } = provider;

    public ITokenAudience? Audience { get; } = provider as ITokenAudience;

    public IPlacedRejections? Rejections { get; } = provider as IPlacedRejections;

    public ITokenProvider Key { get; } = (provider as ISubscriptionKeySource)?.SubscriptionKey ?? provider;

    public ITokenAudience? KeyAudience { get; } =
        ((provider as ISubscriptionKeySource)?.SubscriptionKey ?? provider) as ITokenAudience;

    /// <summary>Waits for a token, or until another provider serves. A token that arrives together with the change still counts.</summary>
    public async Task<bool> IsReplacedBeforeAsync(Task<AccessToken> waiting)
    {
        await Task.WhenAny(waiting, _replaced.Task).ConfigureAwait(false);
        if (waiting.Status == TaskStatus.RanToCompletion || !_replaced.Task.IsCompleted)
            return false;

        _ = waiting.ContinueWith(
            static abandoned => abandoned.Exception, // observed: nobody waits for it any more
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

        return true;
    }

    /// <summary>Tells those who wait for this provider, and disposes it.</summary>
    public void Replace()
    {
        _replaced.SetResult(true);
        (Provider as IDisposable)?.Dispose();
    }
}
