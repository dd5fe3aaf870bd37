namespace TokenAuth.Testing;

/// <summary>The token calls and the grants of one VK Cloud client id.</summary>
public sealed class VkCloudClientTally
{
    /// <summary>How often the client asked with <c>client_credentials</c>, granted or not.</summary>
    public int ClientCredentialsCalls { get; internal init; }

    /// <summary>How often the client asked with <c>refresh_token</c>, granted or not.</summary>
    public int RefreshTokenCalls { get; internal init; }

    /// <summary>How many refresh tokens the client got for <c>client_credentials</c>. Each takes one of the project's 25.</summary>
    public int RefreshTokensMinted { get; internal init; }

    /// <summary>How many access tokens the client got.</summary>
    public int AccessTokensMinted { get; internal init; }

    /// <summary>How many of the client's refresh tokens are valid now.</summary>
    public int ActiveRefreshTokens { get; internal init; }

    /// <summary>How many of the client's access tokens are valid now.</summary>
    public int ActiveAccessTokens { get; internal init; }
}
