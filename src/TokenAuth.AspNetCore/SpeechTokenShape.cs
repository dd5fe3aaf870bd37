namespace TokenAuth;

/// <summary>The form in which the endpoint of <c>MapSpeechToken</c> writes a token.</summary>
public enum SpeechTokenShape
{
    /// <summary>
    /// <c>{"token":"…","region":"westeurope","expiresIn":431,"expiresAt":"2026-11-29T12:00:00Z"}</c>, with <c>"endpoint"</c> where the
    /// resource has a custom domain. <c>expiresIn</c> counts seconds. <c>speech-token.js</c> and <c>AddSpeechTokenEndpoint</c> read this one.
    /// </summary>
    Json,

    /// <summary>
    /// <c>{"authorizationToken":"…","region":"westeurope"}</c>, as
    /// <see href="https://github.com/microsoft/BotFramework-WebChat/blob/main/docs/SPEECH.md">Bot Framework Web Chat</see> wants its credentials.
    /// </summary>
    WebChat,

    /// <summary>
    /// The token as <c>text/plain</c>, with the headers <c>SpeechRegion</c> and, where the resource has a custom domain,
    /// <c>SpeechPrivateEndpoint</c>, as Microsoft's avatar sample reads it.
    /// </summary>
    Text,
}
