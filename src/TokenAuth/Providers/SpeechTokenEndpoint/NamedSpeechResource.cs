namespace TokenAuth;

/// <summary>The resource that responses name, as far as it is Azure's: nothing else gets onto the list of hosts.</summary>
internal sealed class NamedSpeechResource
{
    private readonly string? _region;
    private volatile Facts _facts; // immutable; the newest response wins

    /// <param name="region">The region of the settings, which no response changes; null when they say none.</param>
    public NamedSpeechResource(string? region)
    {
        _region = string.IsNullOrEmpty(region) ? null : region;
        _facts = new(_region, null);
    }

    public string? Region => _facts.Region;

    public Uri? Endpoint => _facts.Endpoint;

    /// <summary>The same collection until the resource changes.</summary>
    public IReadOnlyCollection<string> Hosts => _facts.Hosts;

    /// <summary>Takes over what a response names.</summary>
    public void Learn(string? region, string? endpoint)
    {
        var next = new Facts(_region ?? Known(region), CustomDomain(endpoint));
        if (next.Region != _facts.Region || next.Endpoint != _facts.Endpoint)
            _facts = next;
    }

    private static string? Known(string? region) =>
        region is not null && AzureSpeechRegion.IsWellFormed(region) ? region : null;

    private static Uri? CustomDomain(string? endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
        && string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        && address.IsDefaultPort
        && address.UserInfo.Length == 0
        && AzureSpeechCustomDomain.Is(address)
            ? new Uri(address, "/")
            : null;

    private sealed class Facts(string? region, Uri? endpoint)
    {
        public string? Region => region;

        public Uri? Endpoint => endpoint;

        public IReadOnlyCollection<string> Hosts { get; } =
        [
            .. region is null ? [] : AzureSpeechRegion.DataHosts(region),
            .. endpoint is null ? [] : AzureSpeechCustomDomain.Hosts(endpoint),
        ];
    }
}
