using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace TokenAuth;

/// <summary>A response of VK Cloud's token endpoint. The part of it that is good is kept.</summary>
internal sealed class VkCloudTokenResponse
{
    private const string NoAccessToken = "answered without an access token";

    // VK Cloud spells it "expired_in" and sends the number as a string; its sister service sends expires_in as a number.
    private static readonly string[] _members = ["access_token", "refresh_token", "expired_in", "expires_in", "scope"];

    private VkCloudTokenResponse(TokenEndpointResponse raw, VkCloudVerdict verdict) => (Raw, Verdict) = (raw, verdict);

    public TokenEndpointResponse Raw { get; }

    public VkCloudVerdict Verdict { get; }

    /// <summary>The grant; null when the verdict is another one.</summary>
    public TokenGrant? Grant { get; private init; }

    /// <summary>The usable refresh token in the response, also beside a bad access token; null when it has none.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? RefreshToken { get; private init; }

    /// <summary>The error in a success or in its refresh token, as the rest of a sentence; null when there is none.</summary>
    public string? Error { get; private init; }

    /// <summary>The endpoint's word for its error, also inside a success.</summary>
    public string? ErrorCode { get; private init; }

    public static VkCloudTokenResponse Read(
        TokenEndpointResponse raw,
        VkCloudOptions options,
        string? knownRefreshToken = null,
        bool followsRefusal = false
    ) =>
        raw.IsSuccess
            ? ReadSuccess(raw, options, knownRefreshToken, followsRefusal)
            : new VkCloudTokenResponse(raw, VerdictOn(raw)) { ErrorCode = raw.ErrorCode };

    private static VkCloudVerdict VerdictOn(TokenEndpointResponse raw) =>
        raw.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => raw.IsApiResponse
                ? VkCloudVerdict.Refused
                : VkCloudVerdict.Blocked,
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => VkCloudVerdict.Redirected,
            _ => VkCloudVerdict.Failed,
        };

    private static VkCloudTokenResponse ReadSuccess(
        TokenEndpointResponse raw,
        VkCloudOptions options,
        string? knownRefreshToken,
        bool followsRefusal
    )
    {
        var error = raw.TextError;
        var json = raw.Text is { } text ? JsonResponse.Read(text, _members, out error) : null;
        if (json is null)
            return new VkCloudTokenResponse(raw, VkCloudVerdict.Spoilt) { Error = error };

        var accessToken = json.Text("access_token");
        var refreshToken = json.Text("refresh_token");
        var refreshError = refreshToken is null ? null : CredentialText.Error(refreshToken);
        var usable = refreshError is null ? refreshToken : null;
        var isGrant = error is not null || usable is not null || !IsEmpty(json.Value("access_token"));
        if (accessToken is null && VkCloudErrorInSuccess.Read(raw.Text!) is { } said && said.Holds(isGrant))
            return new VkCloudTokenResponse(raw, said.Verdict)
            {
                ErrorCode = said.Word,
                RefreshToken = usable,
                Error = said.Verdict == VkCloudVerdict.Doubtful ? NoAccessToken : null,
            };

        error ??=
            accessToken is null ? NoAccessToken
            : CredentialText.Error(accessToken) is { } broken ? $"answered with an access token that {broken}"
            : null;
        if (error is not null)
            return new VkCloudTokenResponse(raw, VkCloudVerdict.Spoilt) { Error = error, RefreshToken = usable };

        var life = Life(json.Seconds("expired_in") ?? json.Seconds("expires_in"), options.AssumedLifetime);

        return new VkCloudTokenResponse(raw, VkCloudVerdict.Granted)
        {
            Grant = new TokenGrant(new AccessToken(accessToken!, raw.SentAt + life))
            {
                // Documented as echoed since 2023; a response without a usable one does not take the old one away.
                RefreshToken = usable ?? knownRefreshToken,
                Scopes = json.Names("scope"),
                GrantType = raw.GrantType,
                FollowsRefusal = followsRefusal,
            },
            RefreshToken = usable,
            Error =
                usable is not null ? null
                : refreshError is null ? "answered without a refresh token"
                : $"answered with a refresh token that {refreshError}",
        };
    }

    private static bool IsEmpty(JsonElement? value) =>
        value is not { } given
        || given.ValueKind == JsonValueKind.Null
        || (given.ValueKind == JsonValueKind.String && given.ValueEquals(""));

    private static TimeSpan Life(double? seconds, TimeSpan assumed) =>
        seconds is not { } said ? assumed
        : said >= VkCloudOptionsValidator.LongestLifetime.TotalSeconds ? VkCloudOptionsValidator.LongestLifetime
        : said < 1 ? assumed
        : TimeSpan.FromSeconds(said);
}
