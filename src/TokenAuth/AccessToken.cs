using System.Diagnostics;
using System.Text.Json.Serialization;

namespace TokenAuth;

/// <summary>
/// A credential as a service takes it: a bearer token, a subscription key or a query token. Opaque text, in the characters
/// that a header value may carry unescaped. <see cref="ToString"/>, System.Text.Json and the debugger do not show
/// <see cref="Value"/>; another serializer does.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AccessToken
{
    /// <summary>The longest value, in characters.</summary>
    internal const int MaxLength = 16_384;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private string? _bearerHeader; // benign race: two equal strings

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private string? _queryValue; // benign race: two equal strings

    /// <summary>Wraps the text of a credential.</summary>
    /// <param name="value">1 to 16 384 characters from U+0021 to U+007E.</param>
    /// <param name="expiresAt">The moment from which no service accepts it; null for a credential that does not expire.</param>
    /// <exception cref="ArgumentException">
    /// The value is empty, longer than 16 384 characters, or has a character outside U+0021…U+007E. The message does not
    /// show the value.
    /// </exception>
    public AccessToken(string value, DateTimeOffset? expiresAt = null)
    {
        if (CredentialText.ErrorOfGiven(value) is { } error)
            throw new ArgumentException($"The token {error}.", nameof(value));

        Value = value;
        ExpiresAt = expiresAt;
    }

    /// <summary>The secret itself.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Value { get; }

    /// <summary>The moment from which the token is not sent any more; <see langword="null"/> when it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The <c>Authorization</c> header, formatted once a token (RFC 6750 section 2.1).</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string BearerHeader => _bearerHeader ??= "Bearer " + Value;

    /// <summary>The value as a query parameter carries it, escaped once a token.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string QueryValue => _queryValue ??= Uri.EscapeDataString(Value);

    /// <summary>Says when the token expires, never what it is.</summary>
    public override string ToString() =>
        ExpiresAt is { } at
            ? FormattableString.Invariant($"AccessToken (expires {at:O})")
            : "AccessToken (does not expire)";
}
