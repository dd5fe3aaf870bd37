namespace TokenAuth;

/// <summary>VK Cloud's token endpoint, asked in the two ways that are documented.</summary>
internal sealed class VkCloudTokenEndpoint(VkCloudOptions options, TokenEndpointClient client)
{
    public const string ClientCredentialsGrant = "client_credentials";

    private const string RefreshTokenGrant = "refresh_token";

    /// <param name="secrets">What a message must not repeat where the endpoint echoes it.</param>
    public Task<TokenEndpointResponse> RefreshAsync(
        string refreshToken,
        IReadOnlyCollection<string?> secrets,
        CancellationToken cancellationToken
    )
    {
        var request = new VkCloudTokenRequest
        {
            ClientId = options.ClientId,
            RefreshToken = refreshToken,
            GrantType = RefreshTokenGrant,
        };

        // Once more after a broken response: the refresh token may have been used up, and the vendor repeats its grant.
        var call = Call(request, [refreshToken, .. secrets], repeatsWhenUncertain: 1);

        return client.SendAsync(call, cancellationToken);
    }

    /// <inheritdoc cref="RefreshAsync"/>
    public Task<TokenEndpointResponse> SpendAsync(
        IReadOnlyCollection<string?> secrets,
        CancellationToken cancellationToken
    )
    {
        var request = new VkCloudTokenRequest
        {
            ClientId = options.ClientId,
            ClientSecret = options.ClientSecret,
            GrantType = ClientCredentialsGrant,
        };

        // Never again within the series: a refresh token of the project may have been spent.
        var call = Call(request, secrets, repeatsWhenUncertain: 0);

        return client.SendAsync(call, cancellationToken);
    }

    private TokenEndpointCall Call(
        VkCloudTokenRequest request,
        IReadOnlyCollection<string?> secrets,
        int repeatsWhenUncertain
    ) =>
        new()
        {
            Vendor = "VK Cloud",
            ProviderName = options.ProviderName,
            Endpoint = options.TokenEndpoint,
            Settings = options.SettingPrefix + nameof(VkCloudOptions.TokenEndpoint),
            GrantType = request.GrantType,
            CreateRequest = () => request.ToHttp(options.TokenEndpoint),
            Secrets = secrets,
            RepeatsWhenUncertain = repeatsWhenUncertain,
        };
}
