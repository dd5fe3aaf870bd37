using System.Diagnostics;
using System.Text.Json.Serialization;

namespace TokenAuth;

/// <summary>
/// A grant of a token endpoint: an access token, and the refresh token that renews it. <see cref="ToString"/>, System.Text.Json and the debugger do not show its
/// secrets; another serializer does.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class TokenGrant
{
    /// <summary>Wraps the token that was granted.</summary>
    public TokenGrant(AccessToken accessToken) =>
        AccessToken = accessToken ?? throw new ArgumentNullException(nameof(accessToken));

    /// <summary>The token to send.</summary>
    public AccessToken AccessToken { get; }

    /// <summary>The refresh token, which renews the grant without the client's secret (RFC 6749 section 1.5); null without one.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? RefreshToken { get; init; }

    /// <summary>Another refresh token of the same client, for when <see cref="RefreshToken"/> is refused.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string? OtherRefreshToken { get; init; }

    /// <summary>
    /// The time after which callers wait for a renewal, counted from before the request. If a renewal fails and may succeed later, the token
    /// is handed out until it expires.
    /// </summary>
    /// <value>More than zero. Unless set, the token's life less 60 seconds, or less a tenth of it if that is shorter.</value>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive: every call would ask for a new token.</exception>
    public TimeSpan? ReuseFor
    {
        get;
        init =>
            field =
                value is null || value > TimeSpan.Zero
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(value),
                        value,
                        "ReuseFor is a positive time, or null."
                    );
    }

    /// <summary>The token's scopes, in the vendor's words.</summary>
    /// <value>Empty unless the vendor says.</value>
    public IReadOnlyCollection<string> Scopes { get; init; } = [];

    /// <summary>The moment from which the vendor wants the token renewed while it is still good; null when it does not say. Not stored.</summary>
    internal DateTimeOffset? RefreshOn { get; init; }

    /// <summary>True when the endpoint refused a refresh token before it granted this, which a probe reports; not stored.</summary>
    internal bool FollowsRefusal { get; init; }

    /// <summary>The kind of grant that was exchanged for it, for metrics; not stored.</summary>
    internal string? GrantType { get; init; }

    /// <summary>Says what was granted, never the tokens.</summary>
    public override string ToString() =>
        $"TokenGrant ({AccessToken}, {(RefreshToken is null ? "no refresh token" : "with refresh token")})";
}
