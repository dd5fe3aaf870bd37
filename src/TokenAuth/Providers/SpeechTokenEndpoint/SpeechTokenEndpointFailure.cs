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
                $"gives provider '{options.ProviderName}' no token{Says(reply)}: this caller is not allowed to have one.",
                reply
            ),
            _ when reply.IsWorthRepeating => Because(
                $"has no token for provider '{options.ProviderName}' now{Says(reply)}. It is tried again.",
                reply,
                isTransient: true
            ),
            _ => Because(
                $"does not serve provider '{options.ProviderName}'{Says(reply)}. Check {options.SettingPrefix}Address.",
                reply
            ),
        };

    public TokenAcquisitionException NotSignedIn(TokenEndpointReply reply) =>
        Because(
            $"wants a signed-in caller from provider '{options.ProviderName}'{Says(reply)}: {Client}, and must not follow a redirect to a sign-in page.",
            reply
        );

    /// <param name="fault">The rest of a sentence.</param>
    public TokenAcquisitionException Invalid(TokenEndpointReply reply, string fault) =>
        Because(
            $"gave provider '{options.ProviderName}' an invalid response: it {fault}. Check {options.SettingPrefix}Address, and that the endpoint's shape is Json.",
            reply,
            isTransient: true
        );

    private static string Says(TokenEndpointReply reply) =>
        ProblemCode(reply) is { } code ? $" ({(int)reply.StatusCode} {code})" : $" ({(int)reply.StatusCode})";

    // MapSpeechToken's own words; nobody else's text gets into a message.
    private static string? ProblemCode(TokenEndpointReply reply)
    {
        const string ours = "urn:tokenauth:";

        return
            reply.Text is { } text
            && JsonReply.Read(text, ["type"], out _)?.Text("type") is { Length: <= 60 } type
            && type.StartsWith(ours, StringComparison.Ordinal)
            && type.Skip(ours.Length).All(c => c is (>= 'a' and <= 'z') or '-')
            ? type.Substring(ours.Length)
            : null;
    }

    private TokenAcquisitionException Because(string what, TokenEndpointReply reply, bool isTransient = false) =>
        new($"{_endpoint} {what}")
        {
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = reply.StatusCode,
            ErrorCode = ProblemCode(reply),
            RetryAfter = reply.RetryAfter,
        };
}
