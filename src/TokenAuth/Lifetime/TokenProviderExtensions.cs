namespace TokenAuth;

/// <summary>Methods for any provider.</summary>
public static partial class TokenProviderExtensions
{
    /// <summary>
    /// Returns a token with at least so much life left, for whoever uses it for a while, such as a browser. The provider first renews a token with
    /// less, once for all callers who wait.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Life counts until <see cref="AccessToken.ExpiresAt"/>. The caller gets the renewed token even if its life is shorter than the minimum; while that
    /// is the current token, the same minimum renews nothing more. If the renewal fails, for any reason, the caller gets the old token while it is good.
    /// </para>
    /// <para>A provider that TokenAuth's engine does not keep alive, such as a static token or an application's own, returns what it has.</para>
    /// </remarks>
    /// <param name="minimumRemaining">Zero or more; with zero, the same as without.</param>
    /// <exception cref="ArgumentOutOfRangeException">The minimum is negative.</exception>
    /// <exception cref="TokenAcquisitionException">No usable token can be had.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; others who wait are not affected.</exception>
    public static ValueTask<AccessToken> GetTokenAsync(
        this ITokenProvider provider,
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken = default
    )
    {
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));
        if (minimumRemaining < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(
                nameof(minimumRemaining),
                minimumRemaining,
                "The minimum of remaining life is negative; give zero or more."
            );

        return provider is IMinimumLifeProvider asked && minimumRemaining > TimeSpan.Zero
            ? asked.GetTokenAsync(minimumRemaining, cancellationToken)
            : provider.GetTokenAsync(cancellationToken);
    }

    /// <summary>
    /// Gives each new token to an object that copies it, such as a recognizer or a websocket session. Calls back at once, before it returns if a
    /// token is at hand, and after every renewal, until you dispose the result.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Asks the provider once a second, which costs nothing while its token is fresh. The provider therefore renews in time although nobody else
    /// asks. Neither a failing endpoint, a machine that slept, nor a clock that was set ends this.
    /// </para>
    /// <para>
    /// Calls are made one at a time, from the thread pool after the first. A callback that throws is called again with the
    /// same token a second later.
    /// </para>
    /// <para>
    /// After <c>Dispose</c> no further call starts; a call that runs is not awaited. The calls also end when a provider of TokenAuth is disposed;
    /// over an application's own provider, dispose the result.
    /// </para>
    /// </remarks>
    /// <param name="onToken">Takes the token, for example <c>token => recognizer.AuthorizationToken = token.Value</c>.</param>
    public static IDisposable KeepFresh(this ITokenProvider provider, Action<AccessToken> onToken)
    {
        if (onToken is null)
            throw new ArgumentNullException(nameof(onToken));

        return provider.KeepFresh(
            (token, _) =>
            {
                onToken(token);
                return Task.CompletedTask;
            }
        );
    }

    /// <inheritdoc cref="KeepFresh(ITokenProvider, Action{AccessToken})"/>
    public static IDisposable KeepFresh(this ITokenProvider provider, Func<AccessToken, Task> onToken)
    {
        if (onToken is null)
            throw new ArgumentNullException(nameof(onToken));

        return provider.KeepFresh((token, _) => onToken(token)); // without it, an async lambda would be an async void
    }

    /// <inheritdoc cref="KeepFresh(ITokenProvider, Action{AccessToken})"/>
    /// <param name="onToken">Takes the token; cancelled when the result is disposed.</param>
    public static IDisposable KeepFresh(
        this ITokenProvider provider,
        Func<AccessToken, CancellationToken, Task> onToken
    )
    {
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));
        if (onToken is null)
            throw new ArgumentNullException(nameof(onToken));

        var watch = new TokenWatch(provider, onToken);
        watch.Poll();

        return watch;
    }
}
