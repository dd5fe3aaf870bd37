namespace TokenAuth.Testing;

/// <summary>The token calls and the grants of one VK Cloud client id.</summary>
public sealed class VkCloudClientTally
{
    /// <summary>How often it asked with <c>client_credentials</c>, granted or not.</summary>
    public int ClientCredentialsCalls { get; internal init; }

    /// <summary>How often it asked with <c>refresh_token</c>, granted or not.</summary>
    public int RefreshTokenCalls { get; internal init; }

    /// <summary>How many refresh tokens it was given by <c>client_credentials</c>: each takes one of the project's 25.</summary>
    public int RefreshTokensMinted { get; internal init; }

    /// <summary>How many access tokens it was given.</summary>
    public int AccessTokensMinted { get; internal init; }

    /// <summary>How many of its refresh tokens are good now.</summary>
    public int ActiveRefreshTokens { get; internal init; }

    /// <summary>How many of its access tokens are good now.</summary>
    public int ActiveAccessTokens { get; internal init; }
}
