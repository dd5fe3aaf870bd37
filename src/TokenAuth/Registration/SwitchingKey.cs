namespace TokenAuth;

/// <summary>The subscription key of whichever provider serves: one object over all changes of the options.</summary>
internal sealed class SwitchingKey(Func<ServingProvider> serving) : ITokenProvider, ITokenAudience
{
    public IReadOnlyCollection<string> AllowedHosts => serving().KeyAudience?.AllowedHosts ?? [];

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        serving().Key.GetTokenAsync(cancellationToken);

    public void Invalidate(AccessToken rejected) => serving().Key.Invalidate(rejected);

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        serving().KeyAudience?.IsRejectedAsync(response, cancellationToken) ?? new ValueTask<bool>(false);
}
