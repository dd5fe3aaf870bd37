namespace TokenAuth;

/// <summary>
/// The Azure Speech resource that a provider's tokens are for: what clients such as the Speech SDK want beside a token. Wrappers around
/// a provider forward it.
/// </summary>
public interface IAzureSpeechResource
{
    /// <summary>The resource's region, for example <c>westeurope</c>; null where nothing says it.</summary>
    string? Region { get; }

    /// <summary>
    /// The resource's custom domain, for example <c>https://contoso.cognitiveservices.azure.com/</c>; null where it has none or nothing says it.
    /// </summary>
    Uri? Endpoint { get; }

    /// <summary>
    /// True when the tokens are Azure Speech's own, which expire after ten minutes and open this resource only. Only such tokens may go
    /// to a browser or an app.
    /// </summary>
    bool GrantsServiceTokens { get; }
}
