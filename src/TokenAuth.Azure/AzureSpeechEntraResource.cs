namespace TokenAuth;

/// <summary>The facts that the options say of a resource: its scope, its <c>issueToken</c>, and the hosts that take the form.</summary>
internal sealed class AzureSpeechEntraResource
{
    public AzureSpeechEntraResource(AzureSpeechEntraOptions options)
    {
        Region = string.IsNullOrEmpty(options.Region) ? null : options.Region;
        Endpoint = options.Endpoint is { } said ? new Uri(said, "/") : null;
        Scope = string.IsNullOrEmpty(options.Scope) ? ScopeOf(Endpoint, Region) : options.Scope!;

        var domain = Endpoint is null ? [] : AzureSpeechCustomDomain.Hosts(Endpoint);
        var region = Region is null || options.Form == EntraTokenForm.Plain ? [] : AzureSpeechRegion.DataHosts(Region);
        Hosts = [.. domain.Concat(region).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    public string? Region { get; }

    public Uri? Endpoint { get; }

    public string Scope { get; }

    public IReadOnlyCollection<string> Hosts { get; }

    /// <summary>The custom domain's <c>issueToken</c>; only with an endpoint.</summary>
    public Uri TokenAddress => new(Endpoint!, "/sts/v1.0/issueToken");

    // Microsoft documents the scopes of the public cloud and of China; that of the US Government follows the other two.
    private static string ScopeOf(Uri? endpoint, string? region)
    {
        var cloud =
            AzureSpeechCloud.All.FirstOrDefault(cloud =>
                endpoint is not null
                && cloud.CustomDomains.Any(end => endpoint.Host.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            ) ?? AzureSpeechCloud.OfRegion(region ?? "");
        var domain =
            cloud == AzureSpeechCloud.China ? "azure.cn"
            : cloud == AzureSpeechCloud.Government ? "azure.us"
            : "azure.com";

        return $"https://cognitiveservices.{domain}/.default";
    }
}
