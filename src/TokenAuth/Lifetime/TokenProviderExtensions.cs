namespace TokenAuth;

/// <summary>Methods for any provider.</summary>
public static partial class TokenProviderExtensions
{
    /// <summary>
    /// Returns a token with at least the given life left, for a client that uses it for a while, such as a browser. If the token has less,
    /// the provider first renews it, once for all callers who wait.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Life counts until <see cref="AccessToken.ExpiresAt"/>. The caller gets the renewed token even if its life is shorter than the minimum. While that
    /// token is the current one, the same minimum causes no further renewal. If the renewal fails, for any reason, the caller
    /// gets the old token while it is good.
    /// </para>
    /// <para>A provider that TokenAuth's engine does not keep alive, such as a static token or an application's own, returns what it has.</para>
    /// </remarks>
    /// <param name="minimumRemaining">Zero or more. Zero asks for no minimum.</param>
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
    /// Gives each new token to an object that copies it, such as a recognizer or a websocket session. The first call comes at once, before this
    /// method returns if a token is at hand. Further calls follow every renewal until you dispose the result.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The method asks the provider once a second, which costs nothing while its token is fresh. The provider therefore renews in time although
    /// nobody else asks. The calls survive a failing endpoint, a machine that slept, and a clock that was set.
    /// </para>
    /// <para>
    /// The calls come one at a time, all but the first from the thread pool. If the callback throws, it gets the same token
    /// again a second later.
    /// </para>
    /// <para>
    /// After <c>Dispose</c> no further call starts; <c>Dispose</c> does not wait for a call that runs. The calls also end when a provider of
    /// TokenAuth is disposed; over an application's own provider, dispose the result.
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
    /// <param name="onToken">Takes the token. Its cancellation token is cancelled when you dispose the result.</param>
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
