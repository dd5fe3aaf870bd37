namespace TokenAuth;

/// <content>When a user leaves.</content>
public static partial class TokenProviderExtensions
{
    /// <summary>
    /// Forgets the token of the user who signs out, in an app that takes its tokens from <c>AddSpeechTokenEndpoint</c>: whoever asks next gets a
    /// token of the user who is signed in then.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Sign the application's own client out first: the next call goes through it. A request that is under way is given up, and what its response
    /// would have brought is handed to nobody; whoever waits for it, and <c>KeepFresh</c>, get the next user's token. Dispose the result of <c>KeepFresh</c> if they
    /// should not.
    /// </para>
    /// <para>
    /// All other providers keep what they have: their tokens belong to the application. A token that has been handed out stays good until it ends.
    /// </para>
    /// </remarks>
    public static void Forget(this ITokenProvider provider)
    {
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));

        (provider as IForgettingProvider)?.Forget();
    }
}
