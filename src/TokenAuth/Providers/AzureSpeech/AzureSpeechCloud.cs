namespace TokenAuth;

/// <summary>One of Azure's clouds: what its hosts end with, and which ones a region has there.</summary>
internal sealed class AzureSpeechCloud
{
    public static readonly AzureSpeechCloud Public = new()
    {
        Management = ".api.cognitive.microsoft.com",
        Data = ".speech.microsoft.com",
        Functions = ["stt", "tts", "s2s", "voice"],
        CustomDomains = [".cognitiveservices.azure.com", ".services.ai.azure.com"],
    };

    // Management and data hosts of the US Government cloud have different suffixes.
    public static readonly AzureSpeechCloud Government = new()
    {
        Management = ".api.cognitive.microsoft.us",
        Data = ".speech.azure.us",
        Functions = ["stt", "tts"],
        CustomDomains = [".cognitiveservices.azure.us"],
    };

    public static readonly AzureSpeechCloud China = new()
    {
        Management = ".api.cognitive.azure.cn",
        Data = ".speech.azure.cn",
        Functions = ["stt", "tts"],
        CustomDomains = [".cognitiveservices.azure.cn"],
    };

    public static readonly IReadOnlyList<AzureSpeechCloud> All = [Public, Government, China];

    private AzureSpeechCloud() { }

    /// <summary>The end of a region's host for issueToken, transcriptions, batch synthesis and custom speech.</summary>
    public required string Management { get; init; }

    /// <summary>The end of a region's hosts for short audio, synthesis and voices.</summary>
    public required string Data { get; init; }

    /// <summary>The text between the region and <see cref="Data"/>.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>The ends of a custom domain's hosts; one resource has all of them.</summary>
    public required IReadOnlyList<string> CustomDomains { get; init; }

    public static AzureSpeechCloud OfRegion(string region) =>
        region.StartsWith("usgov", StringComparison.Ordinal) ? Government
        : region.StartsWith("china", StringComparison.Ordinal) ? China
        : Public;
}
