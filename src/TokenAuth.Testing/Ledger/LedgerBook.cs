namespace TokenAuth.Testing;

/// <summary>Counts and records requests while the emulator runs. Each emulated vendor counts the tokens that it issued.</summary>
internal sealed class LedgerBook(TokenServiceEmulatorOptions options)
{
    private readonly object _gate = new();
    private readonly Dictionary<TokenServiceEndpoint, EndpointCount> _endpoints = Enum.GetValues<TokenServiceEndpoint>()
        .ToDictionary(endpoint => endpoint, _ => new EndpointCount()); // guarded by _gate
    private readonly Queue<RecordedRequest> _tokenRequests = new(); // guarded by _gate
    private readonly Queue<RecordedRequest> _dataRequests = new(); // guarded by _gate
    private int _presentAtTokens; // guarded by _gate
    private int _mostAtTokens; // guarded by _gate

    public void Enter(RecordedRequest request)
    {
        lock (_gate)
        {
            var count = _endpoints[request.Endpoint];
            count.Calls++;
            count.MostConcurrent = Math.Max(count.MostConcurrent, ++count.Present);
            if (IsToken(request.Endpoint))
                _mostAtTokens = Math.Max(_mostAtTokens, ++_presentAtTokens);

            var queue = IsToken(request.Endpoint) ? _tokenRequests : _dataRequests;
            queue.Enqueue(request);
            while (queue.Count > options.MaxRecordedRequests)
                queue.Dequeue();
        }
    }

    public void Leave(TokenServiceEndpoint endpoint)
    {
        lock (_gate)
        {
            _endpoints[endpoint].Present--;
            if (IsToken(endpoint))
                _presentAtTokens--;
        }
    }

    public void Faulted(TokenServiceEndpoint endpoint)
    {
        lock (_gate)
            _endpoints[endpoint].Faulted++;
    }

    public void Rejected(TokenServiceEndpoint endpoint)
    {
        lock (_gate)
            _endpoints[endpoint].Rejected++;
    }

    public void Presented(TokenServiceEndpoint endpoint, TimeSpan tokenAge)
    {
        lock (_gate)
        {
            var count = _endpoints[endpoint];
            count.OldestTokenAge = tokenAge > count.OldestTokenAge ? tokenAge : count.OldestTokenAge;
        }
    }

    public void Received(TokenServiceEndpoint endpoint, long bytes)
    {
        lock (_gate)
            _endpoints[endpoint].BytesReceived += bytes;
    }

    public TokenServiceLedger Take(EmulatedVkCloud vkCloud, EmulatedAzureSpeech azureSpeech)
    {
        var clients = vkCloud.Tally();
        lock (_gate)
        {
            return new(_endpoints.ToDictionary(pair => pair.Key, pair => pair.Value.ToTally()), clients)
            {
                ClientCredentialsCalls = vkCloud.ClientCredentialsCalls,
                RefreshTokenCalls = vkCloud.RefreshTokenCalls,
                RefreshTokensMinted = clients.Values.Sum(client => client.RefreshTokensMinted),
                AccessTokensMinted = clients.Values.Sum(client => client.AccessTokensMinted) + azureSpeech.TokensIssued,
                ActiveRefreshTokens = clients.Values.Sum(client => client.ActiveRefreshTokens),
                ActiveAccessTokens = clients.Values.Sum(client => client.ActiveAccessTokens) + azureSpeech.ActiveTokens,
                MostConcurrentTokenCalls = _mostAtTokens,
                TokenRequests = [.. _tokenRequests],
                DataRequests = [.. _dataRequests],
            };
        }
    }

    private static bool IsToken(TokenServiceEndpoint endpoint) =>
        endpoint is TokenServiceEndpoint.VkToken or TokenServiceEndpoint.AzureToken;
}
