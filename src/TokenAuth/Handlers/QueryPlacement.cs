using System.Diagnostics;

namespace TokenAuth;

/// <summary>Places a credential in the query, as <c>oauth_provider</c> and <c>oauth_token</c>.</summary>
internal sealed class QueryPlacement : CredentialPlacement
{
    public const string PlaceName = "oauth_token in the query";
    private const string Provider = "oauth_provider";
    private const string Token = "oauth_token";
    private const string AfterProvider = Token + "=";
    private const int MaxRemembered = 4;

    private readonly string _withProvider;

    private Sent[] _sent = []; // of one token; replaced, never changed; a lost race costs one more URI

    public QueryPlacement(string oauthProvider) =>
        _withProvider = $"{Provider}={Uri.EscapeDataString(oauthProvider)}&{AfterProvider}";

    public override string Name => PlaceName;

    public static bool HasToken(Uri? uri) => uri is not null && HasParameter(uri.OriginalString, Token);

    public override void Place(HttpRequestMessage request, AccessToken token) =>
        request.RequestUri = With(request.RequestUri!, token);

    public override void Remove(HttpRequestMessage request, Uri own, AccessToken token)
    {
        // Another URI without the token is where a redirect led; the caller may want to know.
        if (request.RequestUri is { } uri && (IsRemembered(uri) || uri.OriginalString.Contains(token.QueryValue)))
            request.RequestUri = own;
    }

    public override bool IsAnsweredBy(Uri? answering, Uri own, AccessToken token) => With(own, token) == answering;

    protected override bool IsTaken(HttpRequestMessage request) => HasToken(request.RequestUri);

    private bool IsRemembered(Uri uri)
    {
        foreach (var sent in _sent)
            if (ReferenceEquals(sent.Uri, uri))
                return true;

        return false;
    }

    // A client asks the same few addresses over and over: the first ones are remembered for as long as the token serves. A client that
    // never asks the same address twice writes nothing here that its threads would contend for.
    private Uri With(Uri own, AccessToken token)
    {
        var text = own.OriginalString;
        var remembered = _sent;
        foreach (var sent in remembered)
            if (ReferenceEquals(sent.Token, token) && string.Equals(sent.Own, text, StringComparison.Ordinal))
                return sent.Uri;

        var uri = Make(own, token);
        if (remembered.Length == 0 || !ReferenceEquals(remembered[0].Token, token))
            _sent = [new(text, token, uri)];
        else if (remembered.Length < MaxRemembered)
            _sent = [.. remembered, new(text, token, uri)];

        return uri;
    }

    private Uri Make(Uri own, AccessToken token)
    {
        var text = own.OriginalString;
        if (char.IsWhiteSpace(text[text.Length - 1]))
            text = own.AbsoluteUri; // Uri trims

        // The fragment is not sent.
        if (text.IndexOf('#') is >= 0 and var fragment)
            text = text.Substring(0, fragment);

        var separator =
            !text.Contains('?') ? "?"
            : text[text.Length - 1] is '?' or '&' ? ""
            : "&";
        var parameters = HasParameter(text, Provider) ? AfterProvider : _withProvider;
        return new Uri(string.Concat(text, separator, parameters, token.QueryValue));
    }

    private static bool HasParameter(string uri, string name)
    {
        var rest = uri.AsSpan();
        if (rest.IndexOf('#') is >= 0 and var fragment)
            rest = rest.Slice(0, fragment);

        for (var mark = rest.IndexOf('?'); mark >= 0; mark = rest.IndexOf('&'))
        {
            rest = rest.Slice(mark + 1);
            if (
                rest.StartsWith(name.AsSpan(), StringComparison.Ordinal)
                && (rest.Length == name.Length || rest[name.Length] is '=' or '&')
            )
                return true;
        }

        return false;
    }

    private sealed class Sent(string own, AccessToken token, Uri uri)
    {
        public string Own => own;

        public AccessToken Token => token;

        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public Uri Uri => uri;
    }
}
