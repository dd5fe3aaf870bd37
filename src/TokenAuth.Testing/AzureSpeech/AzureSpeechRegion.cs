namespace TokenAuth.Testing;

/// <summary>Reads the region from a host name, as the front doors of the regions do by being there.</summary>
internal static class AzureSpeechRegion
{
    private static readonly string[] s_regional =
    [
        ".api.cognitive.microsoft.com",
        ".api.cognitive.microsoft.us",
        ".api.cognitive.azure.cn",
        ".speech.microsoft.com",
        ".speech.azure.us",
        ".speech.azure.cn",
    ];

    /// <summary>The host of a region's management: transcriptions and custom speech, and issueToken.</summary>
    public static bool IsManagementHost(string host) =>
        host.Contains(".api.cognitive.", StringComparison.OrdinalIgnoreCase);

    public static bool IsRegional(string host) =>
        s_regional.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Only a regional host can be of the wrong region.</summary>
    public static bool Matches(string host, string region) =>
        !IsRegional(host) || host.Split('.')[0].Equals(region, StringComparison.OrdinalIgnoreCase);
}
