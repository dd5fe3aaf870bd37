namespace TokenAuth;

/// <summary>Places a credential in a header of its own.</summary>
internal sealed class HeaderPlacement : CredentialPlacement
{
    private const string Scheme = "Bearer";

    /// <summary><c>Authorization: Bearer …</c>.</summary>
    public static readonly HeaderPlacement Bearer = new("Authorization", isBearer: true);

    /// <summary><c>Ocp-Apim-Subscription-Key: …</c>.</summary>
    public static readonly HeaderPlacement SubscriptionKey = new("Ocp-Apim-Subscription-Key", isBearer: false);

    private static readonly string[][] _separators =
    [
        [", "],
        [","],
    ];

    private static readonly char[] _betweenValues = [',', ' ', '\t'];

    private readonly string _header;
    private readonly bool _isBearer;

    private HeaderPlacement(string header, bool isBearer)
    {
        _header = header;
        _isBearer = isBearer;
        Name = $"the {header} header";
    }

    public override string Name { get; }

    public override CredentialPlace Where => _isBearer ? CredentialPlace.BearerHeader : CredentialPlace.KeyHeader;

    // Not validated here: a token is validated when it is made, and is written as it stands.
    public override void Place(HttpRequestMessage request, AccessToken token) =>
        request.Headers.TryAddWithoutValidation(_header, Value(token));

    public override void Remove(HttpRequestMessage request, Uri own, AccessToken token) => Clear(request);

    public void Clear(HttpRequestMessage request)
    {
        if (_isBearer)
            request.Headers.Authorization = null; // finds the header without its name
        else
            request.Headers.Remove(_header);
    }

    public override bool IsAnsweredBy(Uri? answering, Uri own, AccessToken token) => own == answering;

    public override void RemovePlaced(HttpRequestMessage request, PlacedTokens placed)
    {
        if (!request.Headers.TryGetValues(_header, out var values))
            return;

        var all = values.ToList();
        var own = all.ConvertAll(value => OwnIn(value, placed));
        if (own.SequenceEqual(all, StringComparer.Ordinal))
            return;

        Clear(request);
        foreach (var value in own)
            if (value.Length > 0)
                request.Headers.TryAddWithoutValidation(_header, value);
    }

    protected override bool IsTaken(HttpRequestMessage request) => request.Headers.Contains(_header);

    private string Value(AccessToken token) => _isBearer ? token.BearerHeader : token.Value;

    // Empty when all of it was placed. A copy may have its values in one text; a token has no space, but may have a comma.
    private string OwnIn(string value, PlacedTokens placed)
    {
        foreach (var separator in _separators)
        {
            var parts = value.Split(separator, StringSplitOptions.None);
            var own = Array.FindAll(parts, part => TokenIn(part) is not { } token || !placed.Contains(token));
            if (own.Length < parts.Length)
                value = string.Join(separator[0], own).Trim(_betweenValues);
            if (value.IndexOf(',') < 0)
                break;
        }

        return value;
    }

    // The scheme's case does not matter (RFC 9110 section 11.1), the token's does.
    private string? TokenIn(string part)
    {
        var text = part.Trim();
        if (!_isBearer)
            return text;

        return
            text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && text.Length > Scheme.Length
            && char.IsWhiteSpace(text[Scheme.Length])
            ? text.Substring(Scheme.Length).TrimStart()
            : null;
    }
}
