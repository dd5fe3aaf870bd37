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

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private RememberedUri[] _remembered = []; // of one token; replaced, never changed; a lost race costs one more URI

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
        if (IsPlaced(uri, own, token))
            request.RequestUri = own;
        else if (uri.OriginalString.Contains(token.QueryValue))
            request.RequestUri = string.Equals(uri.OriginalString, TextWith(own, token), StringComparison.Ordinal)
                ? own
                : Without(uri, token.QueryValue.Equals);
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

    // Without a search: to look for the query's parts would cost as much as to place them. Only what is placed here lies between the two.
    private bool IsPlaced(Uri uri, Uri own, AccessToken token)
    {
        if (uri is RememberedUri remembered)
            return remembered.IsOf(own.OriginalString, token);
        if (uri is not PlacedUri)
            return false;

        var sent = uri.OriginalString;
        var between = sent.Length - own.OriginalString.Length - token.QueryValue.Length;
        return between > 0
            && between <= _withProvider.Length + 1
            && sent.StartsWith(own.OriginalString, StringComparison.Ordinal)
            && sent.EndsWith(token.QueryValue, StringComparison.Ordinal);
    }

    // A client asks the same few addresses over and over: the first ones are remembered for as long as the token serves. A client that
    // never asks the same address twice writes nothing here that its threads would contend for.
    private Uri With(Uri own, AccessToken token)
    {
        var text = own.OriginalString;
        var remembered = _remembered;
        foreach (var uri in remembered)
            if (uri.IsOf(text, token))
                return uri;

        if (!UncanonicalUri.IsPlain(text))
            return UncanonicalUri.MakePlaced(TextWith(own, token), own); // not remembered: others may have its text
        if (remembered.Length == MaxRemembered && ReferenceEquals(remembered[0].Token, token))
            return new PlacedUri(Append(text, token));

        var placed = new RememberedUri(Append(text, token), text, token);
        _remembered =
            remembered.Length > 0 && ReferenceEquals(remembered[0].Token, token) ? [.. remembered, placed] : [placed];
        return placed;
    }

    private string TextWith(Uri own, AccessToken token)
    {
        var text = own.OriginalString;
        if (char.IsWhiteSpace(text[text.Length - 1]))
            text = own.AbsoluteUri; // Uri trims

        return Append(text.Substring(0, RequestQuery.EndIn(own, text)), token); // the fragment is not sent
    }

    /// <param name="text">An address without a fragment.</param>
    private string Append(string text, AccessToken token)
    {
        var mark = text.IndexOf('?');
        var separator =
            mark < 0 ? "?"
            : text[text.Length - 1] is '?' or '&' ? ""
            : "&";
        var parameters = RequestQuery.Find(Provider, text, mark) < 0 ? _withProvider : AfterProvider;

        return string.Concat(text, separator, parameters, token.QueryValue);
    }
}
