namespace TokenAuth;

/// <summary>One for all requests to an address that get this token.</summary>
/// <param name="own">The address without the token.</param>
internal sealed class RememberedUri(string text, string own, AccessToken token) : PlacedUri(text)
{
    public AccessToken Token => token;

    // Addresses of one length mostly differ at their end.
    public bool IsOf(string ownText, AccessToken ofToken) =>
        ReferenceEquals(token, ofToken)
        && own[own.Length - 1] == ownText[ownText.Length - 1]
        && string.Equals(own, ownText, StringComparison.Ordinal);
}
