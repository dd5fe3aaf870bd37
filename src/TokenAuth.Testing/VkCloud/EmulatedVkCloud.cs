using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>The emulated VK Cloud project at run time. Its members do what the project's owner can do in the console.</summary>
public sealed class EmulatedVkCloud
{
    private readonly TokenServiceEmulatorOptions _options;
    private readonly VkCloudProject _project;
    private readonly object _gate = new();
    private readonly Dictionary<(string ClientId, string GrantType), int> _calls = []; // guarded by _gate
    private volatile bool _isActive = true;

    internal EmulatedVkCloud(TokenServiceEmulatorOptions options)
    {
        _options = options;
        _project = new(options);
    }

    /// <summary>True while the project is active. While it is not, Voice answers with code 4049 and the token endpoint with 403.</summary>
    public bool IsActive
    {
        get => _isActive;
        set => _isActive = value;
    }

    internal int ClientCredentialsCalls => Calls("client_credentials");

    internal int RefreshTokenCalls => Calls("refresh_token");

    internal VkCloudProject Project => _project;

    /// <summary>Revokes all access tokens issued so far.</summary>
    /// <returns>How many there were.</returns>
    public int RevokeAccessTokens() => _project.RevokeAccessTokens(_ => true);

    /// <summary>Revokes this access token.</summary>
    /// <returns>Whether it was good until now.</returns>
    public bool RevokeAccessToken(string accessToken) =>
        _project.RevokeAccessTokens(token => token.Value == accessToken) > 0;

    /// <summary>Revokes all refresh tokens issued so far, and frees their slots.</summary>
    /// <returns>How many there were.</returns>
    public int RevokeRefreshTokens() => _project.RevokeRefreshTokens(_ => true);

    /// <summary>Revokes this refresh token, and frees its slot.</summary>
    /// <returns>Whether it was good until now.</returns>
    public bool RevokeRefreshToken(string refreshToken) =>
        _project.RevokeRefreshTokens(grant => grant.Accepted.Contains(refreshToken)) > 0;

    internal void NoteArrival(RecordedRequest request)
    {
        var asked = VkCloudTokenRequest.Parse(request.Headers.GetValueOrDefault("Content-Type"), request.Body);
        if (asked is not { ClientId: { } clientId, GrantType: { } grantType })
            return;

        lock (_gate)
            _calls[(clientId, grantType)] = _calls.GetValueOrDefault((clientId, grantType)) + 1;
    }

    internal IReadOnlyDictionary<string, VkCloudClientTally> Tally()
    {
        lock (_gate)
        {
            return _options
                .VkCloud.Clients.Select(client => client.ClientId)
                .Union(_calls.Keys.Select(key => key.ClientId), StringComparer.Ordinal)
                .ToDictionary(id => id, Tally, StringComparer.Ordinal);
        }
    }

    internal async Task TokenAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var outcome = Decide(VkCloudTokenRequest.Parse(context.Request.ContentType, body.ToArray()));
        await VkCloudTokenResponse.WriteAsync(context, _options.VkCloud, outcome).ConfigureAwait(false);
    }

    private VkCloudTokenOutcome Decide(VkCloudTokenRequest? request)
    {
        if (request is null)
            return Refuse(400, "invalid_request", "The body must be a JSON object of the documented members.");
        if (!IsActive)
            return Refuse(403, "access_denied", "The project is not active.");
        if (_options.VkCloud.Clients.FirstOrDefault(client => client.ClientId == request.ClientId) is not { } client)
            return Refuse(401, "invalid_client", "The client is unknown.");

        return request switch
        {
            { GrantType: "client_credentials", ClientSecret: null } => Refuse(
                400,
                "invalid_request",
                "The client_secret is missing."
            ),
            { GrantType: "client_credentials", RefreshToken: null } => request.ClientSecret == client.ClientSecret
                ? _project.Mint(client)
                : Refuse(401, "invalid_client", "The client_secret is wrong."),
            { GrantType: "refresh_token", RefreshToken: { } refreshToken, ClientSecret: null } => _project.Refresh(
                client,
                refreshToken
            ),
            { GrantType: "client_credentials" or "refresh_token" } => Refuse(
                400,
                "invalid_request",
                "The members do not fit the grant_type."
            ),
            _ => Refuse(400, "unsupported_grant_type", "The grant_type is unknown."),
        };
    }

    private static VkCloudTokenOutcome.Refused Refuse(int statusCode, string error, string message) =>
        new(statusCode, error, message);

    private int Calls(string grantType)
    {
        lock (_gate)
            return _calls.Where(pair => pair.Key.GrantType == grantType).Sum(pair => pair.Value);
    }

    private VkCloudClientTally Tally(string clientId)
    {
        var (mintedRefresh, mintedAccess, activeRefresh, activeAccess) = _project.Count(clientId);
        return new()
        {
            ClientCredentialsCalls = _calls.GetValueOrDefault((clientId, "client_credentials")),
            RefreshTokenCalls = _calls.GetValueOrDefault((clientId, "refresh_token")),
            RefreshTokensMinted = mintedRefresh,
            AccessTokensMinted = mintedAccess,
            ActiveRefreshTokens = activeRefresh,
            ActiveAccessTokens = activeAccess,
        };
    }
}
