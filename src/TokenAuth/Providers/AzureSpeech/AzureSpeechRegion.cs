namespace TokenAuth;

/// <summary>
/// The addresses of a region. Checked by syntax, not against a list: the list changes. See
/// <see href="https://learn.microsoft.com/azure/ai-services/speech-service/regions">Speech regions</see> and
/// <see href="https://learn.microsoft.com/azure/ai-services/speech-service/sovereign-clouds">sovereign clouds</see>.
/// </summary>
internal static class AzureSpeechRegion
{
    private static readonly string[] _customDomains =
    [
        ".cognitiveservices.azure.com",
        ".cognitiveservices.azure.us",
        ".cognitiveservices.azure.cn",
    ];

    public static bool IsWellFormed(string region) =>
        region.Length > 0 && region.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9'));

    public static Uri TokenEndpoint(string region)
    {
        // Token and data hosts of the US Government cloud have different suffixes.
        var suffix =
            IsGovernment(region) ? "api.cognitive.microsoft.us"
            : IsChina(region) ? "api.cognitive.azure.cn"
            : "api.cognitive.microsoft.com";

        return new Uri($"https://{region}.{suffix}/sts/v1.0/issueToken");
    }

    /// <summary>The hosts that take the resource's tokens and keys.</summary>
    public static IReadOnlyCollection<string> DataHosts(AzureSpeechOptions options)
    {
        var hosts = new List<string>();

        if (Of(options) is { } region)
            hosts.AddRange(
                IsGovernment(region) ? [$"{region}.stt.speech.azure.us", $"{region}.tts.speech.azure.us"]
                : IsChina(region) ? [$"{region}.stt.speech.azure.cn", $"{region}.tts.speech.azure.cn"]
                :
                [
                    $"{region}.stt.speech.microsoft.com",
                    $"{region}.tts.speech.microsoft.com",
                    $"{region}.s2s.speech.microsoft.com",
                ]
            );

        if (CustomDomain(options) is { } domain)
            hosts.Add(domain.Authority); // with the port if it is another one

        return hosts;
    }

    /// <summary>The region that the options say or imply; null when they do neither.</summary>
    public static string? Of(AzureSpeechOptions options) =>
        options.Region is { Length: > 0 } set ? set : Of(options.TokenEndpoint);

    /// <summary>The custom domain as the portal shows it; null when the options have none.</summary>
    public static Uri? CustomDomain(AzureSpeechOptions options) =>
        options.TokenEndpoint is { } endpoint
        && _customDomains.Any(domain => endpoint.Host.EndsWith(domain, StringComparison.OrdinalIgnoreCase))
            ? new Uri(endpoint, "/")
            : null;

    /// <summary>The region whose own endpoint this is, as the vendor documents it; null for any other address.</summary>
    private static string? Of(Uri? endpoint)
    {
        var region = endpoint?.Host.Split('.')[0] ?? "";

        return IsWellFormed(region) && IsOfOneOrigin(endpoint!, TokenEndpoint(region)) ? region : null;
    }

    private static bool IsOfOneOrigin(Uri a, Uri b) =>
        Uri.Compare(a, b, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsGovernment(string region) => region.StartsWith("usgov", StringComparison.Ordinal);

    private static bool IsChina(string region) => region.StartsWith("china", StringComparison.Ordinal);
}
