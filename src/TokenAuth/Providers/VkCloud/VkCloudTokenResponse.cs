namespace TokenAuth;

/// <summary>What VK Cloud grants, read from the reply of its token endpoint.</summary>
internal static class VkCloudTokenResponse
{
    // VK Cloud spells it "expired_in" and sends the number as a string; its sister service sends expires_in as a number.
    private static readonly string[] _members = ["access_token", "refresh_token", "expired_in", "expires_in", "scope"];

    /// <summary>Reads a grant; null with a fault, as the rest of a sentence, when the reply holds none.</summary>
    public static TokenGrant? Read(
        TokenEndpointReply reply,
        VkCloudOptions options,
        string? knownRefreshToken,
        out string? fault
    )
    {
        fault = reply.TextFault;
        var json = reply.Text is { } text ? JsonReply.Read(text, _members, out fault) : null;
        if (json is null)
            return null;

        var accessToken = json.Text("access_token");
        var refreshToken = json.Text("refresh_token");
        fault =
            accessToken is null ? "answered without an access token"
            : CredentialText.Fault(accessToken) is { } broken ? $"answered with an access token that {broken}"
            : refreshToken is not null && CredentialText.Fault(refreshToken) is { } spoilt
                ? $"answered with a refresh token that {spoilt}"
            : null;
        if (fault is not null)
            return null;

        var life = Life(json.Seconds("expired_in") ?? json.Seconds("expires_in"), options.AssumedLifetime);

        return new TokenGrant(new AccessToken(accessToken!, reply.SentAt + life))
        {
            // Documented as echoed since 2023; a reply without one does not take the old one away.
            RefreshToken = refreshToken ?? knownRefreshToken,
            Scopes = json.Names("scope"),
            GrantType = reply.GrantType,
        };
    }

    /// <summary>Whether a refresh token was probably spent on this reply, be it readable or not.</summary>
    public static bool MayBeGrant(TokenEndpointReply reply) =>
        reply.IsSuccess && !(reply.Text?.IndexOf(_members[0], StringComparison.Ordinal) < 0);

    private static TimeSpan Life(double? seconds, TimeSpan assumed) =>
        seconds is not { } said ? assumed
        : said >= VkCloudOptionsValidator.LongestLifetime.TotalSeconds ? VkCloudOptionsValidator.LongestLifetime
        : said < 1 ? assumed
        : TimeSpan.FromSeconds(said);
}
