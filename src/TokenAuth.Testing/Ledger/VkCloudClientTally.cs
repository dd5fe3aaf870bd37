namespace TokenAuth.Testing;

/// <summary>The token calls and the grants of one VK Cloud client id.</summary>
public sealed class VkCloudClientTally
{
    /// <summary>The number of times that the client asked with <c>client_credentials</c>, granted or not.</summary>
    public int ClientCredentialsCalls { get; internal init; }

    /// <summary>The number of times that the client asked with <c>refresh_token</c>, granted or not.</summary>
    public int RefreshTokenCalls { get; internal init; }

    /// <summary>The number of refresh tokens that the client got for <c>client_credentials</c>. Each takes one of the project's 25.</summary>
    public int RefreshTokensMinted { get; internal init; }

    /// <summary>The number of access tokens that the client got.</summary>
    public int AccessTokensMinted { get; internal init; }

    /// <summary>The number of the client's refresh tokens that are valid now.</summary>
    public int ActiveRefreshTokens { get; internal init; }

    /// <summary>The number of the client's access tokens that are valid now.</summary>
    public int ActiveAccessTokens { get; internal init; }
}
