namespace TokenAuth;

/// <content>When a user leaves.</content>
public static partial class TokenProviderExtensions
{
    /// <summary>
    /// Forgets the token of the user who signs out, in an app that takes its tokens from <c>AddSpeechTokenEndpoint</c>. The next caller gets
    /// a token of the user who is signed in then.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Sign the application's own client out first, because the next call goes through it. The provider gives up a request that is under way, and
    /// hands its token to nobody. Callers who wait for that request, and <c>KeepFresh</c>, get the next user's token; to prevent that,
    /// dispose the result of <c>KeepFresh</c>.
    /// </para>
    /// <para>
    /// All other providers keep their tokens, because these belong to the application. A token that was handed out stays good until it expires.
    /// </para>
    /// </remarks>
    public static void Forget(this ITokenProvider provider)
    {
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));

        (provider as IForgettingProvider)?.Forget();
    }
}
