using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>One call such as <c>AddBearerToken("voice")</c>.</summary>
/// <param name="Method">The method that was called: one a place that a credential can go to.</param>
/// <param name="Create">Makes the handler.</param>
internal sealed record TokenPlacement(
    string ClientName,
    string Method,
    string ProviderName,
    Action<TokenHandlerOptions>? Configure,
    Func<ITokenProvider, TokenHandlerOptions, TokenHandler> Create
)
{
    /// <summary>The call as the application wrote it.</summary>
    public string Call => $"{Method}(\"{SecretText.ShownName(ProviderName)}\")";

    public CredentialPlace Place =>
        Method switch
        {
            nameof(TokenAuthHttpClientBuilderExtensions.AddBearerToken) => CredentialPlace.BearerHeader,
            nameof(TokenAuthHttpClientBuilderExtensions.AddSubscriptionKey) => CredentialPlace.KeyHeader,
            _ => CredentialPlace.Query,
        };

    /// <summary>The call and where it was made, for messages.</summary>
    public string Owner => $"{Call} of HttpClient '{ClientName}'";

    /// <summary>The options of a place: a call may be repeated to configure more.</summary>
    public static TokenHandlerOptions Options(IEnumerable<TokenPlacement> ofOnePlace)
    {
        var options = new TokenHandlerOptions();
        foreach (var placement in ofOnePlace)
            placement.Configure?.Invoke(options);

        return options;
    }
}
