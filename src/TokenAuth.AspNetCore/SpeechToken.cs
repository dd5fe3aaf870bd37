namespace TokenAuth;

/// <summary>The response of <see cref="SpeechTokenShape.Json"/>. What is not known is left out.</summary>
/// <param name="ExpiresIn">Whole seconds.</param>
/// <param name="ExpiresAt">UTC, by the server's clock.</param>
internal sealed record SpeechToken(string Token, string? Region, int? ExpiresIn, DateTime? ExpiresAt, Uri? Endpoint)
{
    public override string ToString() => $"SpeechToken ({Region})";
}
