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

    /// <summary>The one of handlers whose options say nothing else.</summary>
    public static readonly QueryPlacement Usual = new(new TokenHandlerOptions().OAuthProvider);

    private readonly string _provider;
    private readonly string _withProvider;

    private Sent[] _sent = []; // of one token; replaced, never changed; a lost race costs one more URI

    public QueryPlacement(string oauthProvider)
    {
        _provider = $"{Provider}={Uri.EscapeDataString(oauthProvider)}";
        _withProvider = $"{_provider}&{AfterProvider}";
    }

    public override string Name => PlaceName;

    public override CredentialPlace Where => CredentialPlace.Query;

    public static bool HasToken(Uri? uri) => uri is not null && RequestQuery.Has(uri, Token);

    public static void Clear(HttpRequestMessage request)
    {
        if (HasToken(request.RequestUri))
            request.RequestUri = QueryText.Without(
                request.RequestUri!,
                static (all, i) => RequestQuery.IsNamed(all[i].AsSpan(), Token)
            );
    }

    public override void Place(HttpRequestMessage request, AccessToken token) =>
        request.RequestUri = With(request.RequestUri!, token);

    public override void Remove(HttpRequestMessage request, Uri own, AccessToken token)
    {
        if (request.RequestUri is not { } uri)
            return;

        // Another URI is where a redirect, or an outer handler that gave the request up, led; the caller may want to know.
        if (IsRemembered(uri) || IsMadeOf(uri, own, token))
            request.RequestUri = own;
        else if (uri.OriginalString.Contains(token.QueryValue))
            request.RequestUri = Without(uri, token.QueryValue.Equals);
    }

    public override bool IsAnsweredBy(Uri? answering, Uri own, AccessToken token) => With(own, token) == answering;

    public override void RemovePlaced(HttpRequestMessage request, PlacedTokens placed)
    {
        if (HasToken(request.RequestUri))
            request.RequestUri = Without(
                request.RequestUri!,
                value => placed.Contains(Uri.UnescapeDataString(value).Trim())
            );
    }

    protected override bool IsTaken(HttpRequestMessage request) => HasToken(request.RequestUri);

    /// <summary>The address without the tokens of these values and the <see cref="Provider"/> in front of each.</summary>
    private Uri Without(Uri uri, Func<string, bool> isToken)
    {
        return QueryText.Without(
            uri,
            (all, i) =>
                IsToken(all[i])
                || (
                    i + 1 < all.Length
                    && IsToken(all[i + 1])
                    && string.Equals(all[i], _provider, StringComparison.Ordinal)
                )
        );

        bool IsToken(string parameter) =>
            RequestQuery.IsNamed(parameter.AsSpan(), Token) && isToken(parameter.Substring(parameter.IndexOf('=') + 1));
    }

    private bool IsRemembered(Uri uri)
    {
        foreach (var sent in _sent)
            if (ReferenceEquals(sent.Uri, uri))
                return true;

        return false;
    }

    // By their texts: to make the address once more would cost as much as the first time.
    private bool IsMadeOf(Uri uri, Uri own, AccessToken token)
    {
        var text = own.OriginalString;
        if (char.IsWhiteSpace(text[text.Length - 1]))
            return uri == Make(own, token);

        var before = text.AsSpan(0, RequestQuery.EndIn(own, text));
        var sent = uri.OriginalString.AsSpan();
        var (separator, parameters) = Between(own, before);
        return sent.Length == before.Length + separator.Length + parameters.Length + token.QueryValue.Length
            && sent.StartsWith(before, StringComparison.Ordinal)
            && sent.Slice(before.Length).StartsWith(separator.AsSpan(), StringComparison.Ordinal)
            && sent.Slice(before.Length + separator.Length).StartsWith(parameters.AsSpan(), StringComparison.Ordinal)
            && sent.EndsWith(token.QueryValue.AsSpan(), StringComparison.Ordinal);
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
        if (UncanonicalUri.MayBe(text))
            return uri; // its text alone does not say what it is
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

        text = text.Substring(0, RequestQuery.EndIn(own, text)); // the fragment is not sent
        var (separator, parameters) = Between(own, text.AsSpan());
        return UncanonicalUri.Make(string.Concat(text, separator, parameters, token.QueryValue), own);
    }

    /// <summary>The texts between the address and the token.</summary>
    private (string Separator, string Parameters) Between(Uri own, ReadOnlySpan<char> text)
    {
        var separator =
            text.IndexOf('?') < 0 ? "?"
            : text[text.Length - 1] is '?' or '&' ? ""
            : "&";
        return (separator, RequestQuery.Has(own, Provider) ? AfterProvider : _withProvider);
    }

    private sealed class Sent(string own, AccessToken token, Uri uri)
    {
        public string Own => own;

        public AccessToken Token => token;

        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public Uri Uri => uri;
    }
}
