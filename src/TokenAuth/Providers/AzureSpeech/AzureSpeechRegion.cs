namespace TokenAuth;

/// <summary>
/// A region's addresses. Checked by syntax, not against a list: the list changes. See
/// <see href="https://learn.microsoft.com/azure/ai-services/speech-service/regions">Speech regions</see> and
/// <see href="https://learn.microsoft.com/azure/ai-services/speech-service/sovereign-clouds">sovereign clouds</see>.
/// </summary>
internal static class AzureSpeechRegion
{
    private const int Longest = 24; // "germanywestcentral" has 18

    /// <summary>Lower-case letters, and perhaps one number: "chinaeast2", "eastus2euap". A key has more of them.</summary>
    public static bool IsWellFormed(string region) =>
        region.Length is > 2 and <= Longest
        && region.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
        && region[0] > '9'
        && region.Count(char.IsDigit) <= 2;

    public static Uri TokenEndpoint(string region) => new($"https://{ManagementHost(region)}/sts/v1.0/issueToken");

    /// <summary>The host for transcriptions, batch synthesis and custom speech.</summary>
    public static string ManagementHost(string region) => region + AzureSpeechCloud.OfRegion(region).Management;

    /// <summary>The hosts for short audio, synthesis and voices.</summary>
    public static IEnumerable<string> DataHosts(string region)
    {
        var cloud = AzureSpeechCloud.OfRegion(region);

        return cloud.Functions.Select(function => $"{region}.{function}{cloud.Data}");
    }

    /// <summary>The region whose management host this address has; null for any other.</summary>
    public static string? OfManagement(Uri? address) =>
        Candidate(address) is { } region && Has(address!, ManagementHost(region)) ? region : null;

    /// <summary>The region whose management or data host this address has; null for any other.</summary>
    public static string? OfAny(Uri? address) =>
        OfManagement(address)
        ?? (Candidate(address) is { } region && DataHosts(region).Any(host => Has(address!, host)) ? region : null);

    /// <summary>The error of an address that belongs to a region, apart from the region itself; null when there is none.</summary>
    public static string? Error(string setting, Uri address) =>
        OfAny(address) is null
        && Candidate(address) is null
        && AzureSpeechCloud.All.Any(cloud => IsOf(cloud, address.Host))
            ? $"{setting} is the address of a region, and has none in its first part; write for example 'https://westeurope.api.cognitive.microsoft.com/' as Endpoint, or "
                + "'westeurope' as Region."
            : null;

    private static bool IsOf(AzureSpeechCloud cloud, string host) =>
        host.EndsWith(cloud.Management, StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(cloud.Data, StringComparison.OrdinalIgnoreCase);

    private static string? Candidate(Uri? address) =>
        address?.Host.Split('.')[0] is { } region && IsWellFormed(region) ? region : null;

    private static bool Has(Uri address, string host) =>
        address.IsDefaultPort
        && string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        && string.Equals(address.Host, host, StringComparison.OrdinalIgnoreCase);
}
