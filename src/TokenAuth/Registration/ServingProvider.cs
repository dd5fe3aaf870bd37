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

    /// <summary>Ends when another provider serves.</summary>
    public Task Replaced => _replaced.Task;

    /// <summary>Tells those who wait for this one, and ends it.</summary>
    public void Replace()
    {
        _replaced.SetResult(true);
        (Provider as IDisposable)?.Dispose();
    }
}
