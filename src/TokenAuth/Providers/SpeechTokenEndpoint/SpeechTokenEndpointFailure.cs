namespace TokenAuth;

/// <summary>Explains why the application's endpoint gave no token, and what to do about it.</summary>
internal sealed class SpeechTokenEndpointFailure(SpeechTokenEndpointClientOptions options)
{
    private readonly string _endpoint = $"The endpoint {SettingError.Shown(options.Address)}";

    private string Client =>
        options.HttpClientName is { } name
            ? $"HttpClient '{name}' has to be signed in"
            : $"set {options.SettingPrefix}HttpClientName to the client that is signed in";

    public TokenAcquisitionException Of(TokenEndpointResponse response) =>
        (int)response.StatusCode switch
        {
            401 or (>= 300 and <= 399) => NotSignedIn(response),
            403 => Because(
                new Explanation(
                    SpeechTokenEndpointHelp.NotAllowed,
                    $"{_endpoint} gives provider '{options.ProviderName}' no token{Says(response)}: this caller is not allowed to have one.",
                    "Look at the endpoint's policy, and at who is signed in."
                ),
                response
            ),
            _ when response.IsWorthRepeating => Because(
                new Explanation(
                    SpeechTokenEndpointHelp.NoTokenNow,
                    $"{_endpoint} has no token for provider '{options.ProviderName}' now{Says(response)}.",
                    "Read the server's log: it says why it can obtain none."
                ),
                response,
                isTransient: true,
                ending: " The next call tries again."
            ),
            _ => Because(
                new Explanation(
                    SpeechTokenEndpointHelp.AddressWrong,
                    $"{_endpoint} does not serve provider '{options.ProviderName}'{Says(response)}.",
                    $"Check {options.SettingPrefix}Address."
                ),
                response,
                ending: $" Check {options.SettingPrefix}Address."
            ),
        };

    public TokenAcquisitionException NotSignedIn(TokenEndpointResponse response) =>
        Because(
            new Explanation(
                SpeechTokenEndpointHelp.NotSignedIn,
                $"{_endpoint} wants a signed-in caller from provider '{options.ProviderName}'{Says(response)}: {Client}, and must not follow a redirect to a sign-in page.",
                "Sign in, and ask again."
            ),
            response
        );

    /// <param name="error">The rest of a sentence.</param>
    public TokenAcquisitionException Invalid(TokenEndpointResponse response, string error)
    {
        var remedy = $"Check {options.SettingPrefix}Address, and that the endpoint's shape is Json.";

        return Because(
            new Explanation(
                SpeechTokenEndpointHelp.InvalidResponse,
                $"{_endpoint} gave provider '{options.ProviderName}' an invalid response: it {error}.",
                remedy
            ),
            response,
            isTransient: true,
            ending: " " + remedy
        );
    }

    private static string Says(TokenEndpointResponse response) =>
        ProblemCode(response) is { } code ? $" ({(int)response.StatusCode} {code})" : $" ({(int)response.StatusCode})";

    // MapSpeechToken's own words; nobody else's text gets into a message.
    private static string? ProblemCode(TokenEndpointResponse response)
    {
        const string ours = HelpCode.LinkPrefix;

        return
            response.Text is { } text
            && JsonResponse.Read(text, ["type"], out _)?.Text("type") is { Length: <= 60 } type
            && type.StartsWith(ours, StringComparison.Ordinal)
            && type.Skip(ours.Length).All(c => c is (>= 'a' and <= 'z') or '-')
            ? type.Substring(ours.Length)
            : null;
    }

    /// <param name="ending">What a message adds to that which was seen.</param>
    private TokenAcquisitionException Because(
        Explanation explanation,
        TokenEndpointResponse response,
        bool isTransient = false,
        string ending = ""
    ) =>
        new(explanation.Seen + ending)
        {
            Explanation = explanation,
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = response.StatusCode,
            ErrorCode = ProblemCode(response),
            RetryAfter = response.RetryAfter,
        };
}
