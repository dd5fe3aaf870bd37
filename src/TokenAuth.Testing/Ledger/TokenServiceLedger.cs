namespace TokenAuth.Testing;

/// <summary>The requests that the emulator received and the tokens that it issued, up to the moment at which you read the ledger.</summary>
public sealed class TokenServiceLedger
{
    internal TokenServiceLedger(
        IReadOnlyDictionary<TokenServiceEndpoint, TokenServiceEndpointTally> endpoints,
        IReadOnlyDictionary<string, VkCloudClientTally> clients
    )
    {
        Endpoints = endpoints;
        Clients = clients;
    }

    /// <summary>Counts for each endpoint.</summary>
    public IReadOnlyDictionary<TokenServiceEndpoint, TokenServiceEndpointTally> Endpoints { get; }

    /// <summary>The token calls and the grants of each VK Cloud client id.</summary>
    public IReadOnlyDictionary<string, VkCloudClientTally> Clients { get; }

    /// <summary>VK calls with <c>grant_type</c> <c>client_credentials</c>, granted, refused or broken by a fault.</summary>
    public int ClientCredentialsCalls { get; internal init; }

    /// <summary>VK calls with <c>grant_type</c> <c>refresh_token</c>, granted, refused or broken by a fault.</summary>
    public int RefreshTokenCalls { get; internal init; }

    /// <summary>Calls to Azure's issueToken, granted, refused or broken by a fault.</summary>
    public int IssueTokenCalls => Endpoints[TokenServiceEndpoint.AzureToken].Calls;

    /// <summary>All calls to the token endpoints, including those that named no grant.</summary>
    public int TokenCalls => Endpoints[TokenServiceEndpoint.VkToken].Calls + IssueTokenCalls;

    /// <summary>VK refresh tokens issued for <c>client_credentials</c>. Each takes one of the project's 25.</summary>
    public int RefreshTokensMinted { get; internal init; }

    /// <summary>Access tokens that either vendor issued.</summary>
    public int AccessTokensMinted { get; internal init; }

    /// <summary>VK refresh tokens that are valid now.</summary>
    public int ActiveRefreshTokens { get; internal init; }

    /// <summary>Access tokens of either vendor that are valid now.</summary>
    public int ActiveAccessTokens { get; internal init; }

    /// <summary>The highest number of token calls, to both vendors together, in progress at once.</summary>
    public int MostConcurrentTokenCalls { get; internal init; }

    /// <summary>Calls to the data endpoints.</summary>
    public int DataCalls => DataEndpoints.Sum(tally => tally.Calls);

    /// <summary>Calls to the data endpoints that were refused because of their credential.</summary>
    public int DataCallsRejected => DataEndpoints.Sum(tally => tally.Rejected);

    /// <summary>The greatest age at which a client presented a token at a data endpoint; zero if no client did.</summary>
    public TimeSpan OldestTokenAge => DataEndpoints.Max(tally => tally.OldestTokenAge);

    /// <summary>The latest requests to the token endpoints, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> TokenRequests { get; internal init; } = [];

    /// <summary>The latest requests to the data endpoints, without their bodies, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> DataRequests { get; internal init; } = [];

    private IEnumerable<TokenServiceEndpointTally> DataEndpoints =>
        Endpoints
            .Where(pair => pair.Key is not (TokenServiceEndpoint.VkToken or TokenServiceEndpoint.AzureToken))
            .Select(pair => pair.Value);
}
