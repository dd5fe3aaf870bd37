namespace TokenAuth;

/// <summary>
/// An application's endpoint of Speech tokens: an empty POST; the response is JSON with the token, its remaining seconds, and its resource. The
/// endpoint hands one token to many callers, so it may bring the same one again.
/// </summary>
internal sealed class SpeechTokenEndpointSource(
    SpeechTokenEndpointClientOptions options,
    TokenEndpointClient endpoint,
    NamedSpeechResource resource
) : ICachingTokenSource
{
    private static readonly TimeSpan _longestLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _unsaidLife = TimeSpan.FromMinutes(1);

    private readonly SpeechTokenEndpointFailure _failure = new(options);

    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        var response = await endpoint
            .SendAsync(
                new TokenEndpointCall
                {
                    Vendor = "The application",
                    ProviderName = options.ProviderName,
                    Endpoint = options.Address,
                    Settings = options.SettingPrefix + nameof(SpeechTokenEndpointClientOptions.Address),
                    Client = options.HttpClientName is { } name ? $"HttpClient '{name}'" : "ConfigureTokenClient",
                    CreateRequest = Request,
                    Secrets = [previous?.AccessToken.Value],
                },
                cancellationToken
            )
            .ConfigureAwait(false);

        if (!response.IsSuccess)
            throw _failure.Of(response);
        if (!response.IsApiResponse)
            throw _failure.NotSignedIn(response); // a page
        if (response.Text is not { } text)
            throw _failure.Invalid(response, response.TextError!);

        return Grant(
            response,
            JsonResponse.Read(text, ["token", "region", "endpoint", "expiresIn"], out var error),
            error
        );
    }

    // There is no way past it: the server renews its token in its own time.
    public Task<TokenGrant> AcquirePastCacheAsync(TokenGrant? refused, CancellationToken cancellationToken) =>
        AcquireAsync(refused, cancellationToken);

    private HttpRequestMessage Request()
    {
        var content = new ByteArrayContent([]);
        content.Headers.ContentLength = 0;

        var request = new HttpRequestMessage(HttpMethod.Post, options.Address) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("X-Requested-With", "XMLHttpRequest"); // cookie authentication answers 401 to it

        return request;
    }

    private TokenGrant Grant(TokenEndpointResponse response, JsonResponse? json, string? error)
    {
        if ((error ?? AzureSpeechToken.Error(json!.Text("token")) ?? LifeError(json)) is { } wrong)
            throw _failure.Invalid(response, wrong);

        resource.Learn(json!.Text("region"), json.Text("endpoint"));

        // As old as the request: the server's clock may be another.
        return new TokenGrant(new AccessToken(json.Text("token")!, response.SentAt + Life(json)));
    }

    private static string? LifeError(JsonResponse json) =>
        json.Value("expiresIn") is not null && json.Seconds("expiresIn") is null
            ? "answered with an expiresIn that is no number of seconds"
            : null;

    private static TimeSpan Life(JsonResponse json) =>
        json.Seconds("expiresIn") is { } seconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, _longestLife.TotalSeconds))
            : _unsaidLife;
}
