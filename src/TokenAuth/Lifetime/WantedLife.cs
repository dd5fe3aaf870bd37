namespace TokenAuth;

/// <summary>A minimum of life on its way through a wrapper's override to the provider behind it.</summary>
internal sealed class WantedLife(TimeSpan minimumRemaining)
{
    /// <summary>True once the minimum has arrived.</summary>
    public bool WasAskedFor { get; private set; }

    public ValueTask<AccessToken> AskAsync(ITokenProvider provider, CancellationToken cancellationToken)
    {
        WasAskedFor = true;

        return provider.GetTokenAsync(minimumRemaining, cancellationToken);
    }
}
