namespace TokenAuth.Testing;

/// <summary>Says which endpoint misbehaves, how, and for how long. Safe for concurrent use.</summary>
public sealed class TokenServiceFaults
{
    private readonly object _gate = new();
    private readonly Dictionary<TokenServiceEndpoint, Queue<TokenServiceFault>> _next = []; // guarded by _gate
    private readonly Dictionary<TokenServiceEndpoint, TokenServiceFault> _always = []; // guarded by _gate
    private readonly Dictionary<TokenServiceEndpoint, int> _rejections = []; // guarded by _gate

    internal TokenServiceFaults() { }

    /// <summary>Makes the next requests meet the fault. Faults queued earlier for the endpoint come first.</summary>
    public void Next(TokenServiceEndpoint endpoint, TokenServiceFault fault, int times = 1)
    {
        lock (_gate)
        {
            if (!_next.TryGetValue(endpoint, out var queue))
                _next[endpoint] = queue = new();
            for (var i = 0; i < times; i++)
                queue.Enqueue(fault);
        }
    }

    /// <summary>Makes every request meet the fault until <see cref="Clear(TokenServiceEndpoint)"/>.</summary>
    public void Always(TokenServiceEndpoint endpoint, TokenServiceFault fault)
    {
        lock (_gate)
            _always[endpoint] = fault;
    }

    /// <summary>
    /// Makes a data endpoint refuse the next requests in its vendor's words, even if their tokens are valid. With
    /// <see cref="int.MaxValue"/> it refuses them until you call <see cref="Clear(TokenServiceEndpoint)"/>.
    /// </summary>
    /// <exception cref="ArgumentException">It is a token endpoint.</exception>
    public void RejectNext(TokenServiceEndpoint endpoint, int times = 1)
    {
        if (endpoint is TokenServiceEndpoint.VkToken or TokenServiceEndpoint.AzureToken)
            throw new ArgumentException(
                $"RejectNext is for data endpoints, and {endpoint} is a token endpoint; use Next with TokenServiceFault.Status(401).",
                nameof(endpoint)
            );

        lock (_gate)
            _rejections[endpoint] = times;
    }

    /// <summary>Makes the endpoint behave normally again.</summary>
    public void Clear(TokenServiceEndpoint endpoint)
    {
        lock (_gate)
        {
            _next.Remove(endpoint);
            _always.Remove(endpoint);
            _rejections.Remove(endpoint);
        }
    }

    /// <summary>Makes every endpoint behave normally again.</summary>
    public void Clear()
    {
        foreach (var endpoint in Enum.GetValues<TokenServiceEndpoint>())
            Clear(endpoint);
    }

    internal TokenServiceFault? Take(TokenServiceEndpoint endpoint)
    {
        lock (_gate)
        {
            return _next.TryGetValue(endpoint, out var queue) && queue.TryDequeue(out var fault)
                ? fault
                : _always.GetValueOrDefault(endpoint);
        }
    }

    internal bool TakeRejection(TokenServiceEndpoint endpoint)
    {
        lock (_gate)
        {
            var left = _rejections.GetValueOrDefault(endpoint);
            if (left is > 0 and < int.MaxValue)
                _rejections[endpoint] = left - 1;
            return left > 0;
        }
    }
}
