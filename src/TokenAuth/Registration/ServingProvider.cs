namespace TokenAuth;

/// <summary>The provider that serves until the options change, and what else it is: found out once, not for every request.</summary>
internal sealed class ServingProvider(ITokenProvider provider)
{
    public ITokenProvider Provider { get; } = provider;

    public ITokenAudience? Audience { get; } = provider as ITokenAudience;

    public ITokenProvider Key { get; } = (provider as ISubscriptionKeySource)?.SubscriptionKey ?? provider;
}
