namespace TokenAuth;

/// <summary>The response of <see cref="SpeechTokenShape.WebChat"/>.</summary>
internal sealed record WebChatSpeechToken(string AuthorizationToken, string? Region)
{
    public override string ToString() => $"WebChatSpeechToken ({Region})";
}
