namespace TokenAuth;

/// <summary>A resource as the options describe it: its token endpoint, and the hosts that take its tokens and its keys.</summary>
internal sealed class AzureSpeechResource
{
    /// <summary>The scope with which a token is also good at a region's management host.</summary>
    public const string ManagementScope = "speechservicesmanagement";

    private const string TokenPath = "/sts/v1.0/issueToken";

    public AzureSpeechResource(AzureSpeechOptions options)
    {
        string?[] regions =
        [
            options.Region is { Length: > 0 } said ? said : null,
            AzureSpeechRegion.OfAny(options.Endpoint),
            AzureSpeechRegion.OfManagement(options.TokenEndpoint),
        ];
        var all = regions.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var domains = CustomDomains(options).ToList();

        Region = all.FirstOrDefault();
        Endpoint = domains.FirstOrDefault();
        TokenAddress = WithScope(Issuer(options), options.Scope);

        var management = all.Select(AzureSpeechRegion.ManagementHost).ToList();
        var data = all.SelectMany(AzureSpeechRegion.DataHosts)
            .Concat(domains.SelectMany(AzureSpeechCustomDomain.Hosts));
        string[] common = [.. data.Distinct(StringComparer.OrdinalIgnoreCase)];
        KeyHosts = [.. common, .. management];
        GrantsManagement = IsForManagement(TokenAddress);
        TokenHosts = GrantsManagement ? KeyHosts : common;
    }

    /// <summary>The region that the options say or imply; null when they do neither.</summary>
    public string? Region { get; }

    /// <summary>The custom domain as the portal shows it; null when the options have none.</summary>
    public Uri? Endpoint { get; }

    /// <summary>The <c>issueToken</c> to ask.</summary>
    public Uri TokenAddress { get; }

    /// <summary>True when the tokens also manage the resource: its transcriptions, its batches, its custom models.</summary>
    public bool GrantsManagement { get; }

    /// <summary>The hosts that take what <c>issueToken</c> gives.</summary>
    public IReadOnlyCollection<string> TokenHosts { get; }

    /// <summary>The hosts that take a subscription key.</summary>
    public IReadOnlyCollection<string> KeyHosts { get; }

    // The most exact setting wins. A region's address as Endpoint, which the portal shows for resources without a custom domain, is its region.
    private static Uri Issuer(AzureSpeechOptions options) =>
        options.TokenEndpoint
        ?? (
            options.Endpoint is not { } endpoint ? AzureSpeechRegion.TokenEndpoint(options.Region!)
            : AzureSpeechRegion.OfAny(endpoint) is { } region ? AzureSpeechRegion.TokenEndpoint(region)
            : new Uri(endpoint, TokenPath)
        );

    private static IEnumerable<Uri> CustomDomains(AzureSpeechOptions options)
    {
        if (options.Endpoint is { } endpoint && AzureSpeechRegion.OfAny(endpoint) is null)
            yield return new Uri(endpoint, "/");
        if (options.TokenEndpoint is { } issuer && AzureSpeechCustomDomain.Is(issuer))
            yield return new Uri(issuer, "/");
    }

    private static Uri WithScope(Uri issuer, string? scope)
    {
        if (string.IsNullOrEmpty(scope))
            return issuer;

        var query = issuer.Query.Length > 1 ? issuer.Query.TrimStart('?') + "&" : "";

        return new UriBuilder(issuer) { Query = $"{query}scope={Uri.EscapeDataString(scope!)}" }.Uri;
    }

    // By the address, which may say it without the setting.
    private static bool IsForManagement(Uri issuer) =>
        issuer.Query.TrimStart('?').Split('&').Contains($"scope={ManagementScope}", StringComparer.Ordinal);
}
