namespace TokenAuth;

/// <summary>Why the application's endpoint gave no token, and what to do about it.</summary>
internal sealed class SpeechTokenEndpointFailure(SpeechTokenEndpointClientOptions options)
{
    private readonly string _endpoint = $"The endpoint {SettingFault.Shown(options.Address)}";

    private string Client =>
        options.HttpClientName is { } name
            ? $"HttpClient '{name}' has to be signed in"
            : $"set {options.SettingPrefix}HttpClientName to the client that is signed in";

    public TokenAcquisitionException Of(TokenEndpointReply reply) =>
        (int)reply.StatusCode switch
        {
            401 or (>= 300 and <= 399) => NotSignedIn(reply),
            403 => Because(
                new Explanation(
                    SpeechTokenEndpointHelp.NotAllowed,
                    $"{_endpoint} gives provider '{options.ProviderName}' no token{Says(reply)}: this caller is not allowed to have one.",
                    "Look at the endpoint's policy, and at who is signed in."
                ),
                reply
            ),
            _ when reply.IsWorthRepeating => Because(
                new Explanation(
                    SpeechTokenEndpointHelp.NoTokenNow,
                    $"{_endpoint} has no token for provider '{options.ProviderName}' now{Says(reply)}.",
                    "Read the server's log: it says why it can obtain none."
                ),
                reply,
                isTransient: true,
                ending: " It is tried again."
            ),
            _ => Because(
                new Explanation(
                    SpeechTokenEndpointHelp.AddressWrong,
                    $"{_endpoint} does not serve provider '{options.ProviderName}'{Says(reply)}.",
                    $"Check {options.SettingPrefix}Address."
                ),
                reply,
                ending: $" Check {options.SettingPrefix}Address."
            ),
        };

    public TokenAcquisitionException NotSignedIn(TokenEndpointReply reply) =>
        Because(
            new Explanation(
                SpeechTokenEndpointHelp.NotSignedIn,
                $"{_endpoint} wants a signed-in caller from provider '{options.ProviderName}'{Says(reply)}: {Client}, and must not follow a redirect to a sign-in page.",
                "Sign in, and ask again."
            ),
            reply
        );

    /// <param name="fault">The rest of a sentence.</param>
    public TokenAcquisitionException Invalid(TokenEndpointReply reply, string fault)
    {
        var remedy = $"Check {options.SettingPrefix}Address, and that the endpoint's shape is Json.";

        return Because(
            new Explanation(
                SpeechTokenEndpointHelp.InvalidResponse,
                $"{_endpoint} gave provider '{options.ProviderName}' an invalid response: it {fault}.",
                remedy
            ),
            reply,
            isTransient: true,
            ending: " " + remedy
        );
    }

    private static string Says(TokenEndpointReply reply) =>
        ProblemCode(reply) is { } code ? $" ({(int)reply.StatusCode} {code})" : $" ({(int)reply.StatusCode})";

    // MapSpeechToken's own words; nobody else's text gets into a message.
    private static string? ProblemCode(TokenEndpointReply reply)
    {
        const string ours = HelpCode.LinkPrefix;

        return
            reply.Text is { } text
            && JsonReply.Read(text, ["type"], out _)?.Text("type") is { Length: <= 60 } type
            && type.StartsWith(ours, StringComparison.Ordinal)
            && type.Skip(ours.Length).All(c => c is (>= 'a' and <= 'z') or '-')
            ? type.Substring(ours.Length)
            : null;
    }

    /// <param name="ending">What a message adds to that which was seen.</param>
    private TokenAcquisitionException Because(
        Explanation explanation,
        TokenEndpointReply reply,
        bool isTransient = false,
        string ending = ""
    ) =>
        new(explanation.Seen + ending)
        {
            Explanation = explanation,
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = reply.StatusCode,
            ErrorCode = ProblemCode(reply),
            RetryAfter = reply.RetryAfter,
        };
}
