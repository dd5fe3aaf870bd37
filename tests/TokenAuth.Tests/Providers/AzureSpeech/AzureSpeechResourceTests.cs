namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechResourceTests
{
    private const string Custom = "https://mine.cognitiveservices.azure.com/";

    // What is set, and the issueToken that is asked.
    [Theory]
    [InlineData("westeurope", null, null, null, "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken")]
    [InlineData(
        "anotherregion9",
        null,
        null,
        null,
        "https://anotherregion9.api.cognitive.microsoft.com/sts/v1.0/issueToken"
    )] // no list: it changes
    [InlineData(
        "usgovvirginia",
        null,
        null,
        null,
        "https://usgovvirginia.api.cognitive.microsoft.us/sts/v1.0/issueToken"
    )]
    [InlineData("chinaeast2", null, null, null, "https://chinaeast2.api.cognitive.azure.cn/sts/v1.0/issueToken")]
    [InlineData(null, Custom, null, null, Custom + "sts/v1.0/issueToken")]
    [InlineData("westeurope", Custom, null, null, Custom + "sts/v1.0/issueToken")]
    [InlineData("westeurope", Custom, "https://a.example/issueToken", null, "https://a.example/issueToken")]
    [InlineData(null, "https://mine.cognitiveservices.azure.com", null, null, Custom + "sts/v1.0/issueToken")]
    [InlineData(null, Custom + "speechtotext/v3.2?x=y", null, null, Custom + "sts/v1.0/issueToken")]
    [InlineData(
        null,
        "https://mine.services.ai.azure.com/api/projects/one",
        null,
        null,
        "https://mine.services.ai.azure.com/sts/v1.0/issueToken"
    )]
    [InlineData(
        null,
        "https://westeurope.api.cognitive.microsoft.com/",
        null,
        null,
        "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken"
    )]
    [InlineData(
        null,
        "https://westeurope.tts.speech.microsoft.com/",
        null,
        null,
        "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken"
    )]
    [InlineData(
        null,
        "https://usgovvirginia.stt.speech.azure.us/",
        null,
        null,
        "https://usgovvirginia.api.cognitive.microsoft.us/sts/v1.0/issueToken"
    )]
    [InlineData(null, "http://127.0.0.1:5000/", null, null, "http://127.0.0.1:5000/sts/v1.0/issueToken")]
    [InlineData(
        "westeurope",
        null,
        null,
        "speechservicesmanagement",
        "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken?scope=speechservicesmanagement"
    )]
    [InlineData(null, Custom, null, "a:b/c", Custom + "sts/v1.0/issueToken?scope=a%3Ab%2Fc")]
    [InlineData(null, null, "https://a.example/issueToken?x=y", "z", "https://a.example/issueToken?x=y&scope=z")]
    [InlineData("westeurope", null, null, "", "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken")]
    public void The_most_exact_setting_says_where_tokens_come_from(
        string? region,
        string? endpoint,
        string? tokenEndpoint,
        string? scope,
        string expected
    ) => Assert.Equal(expected, Resource(region, endpoint, tokenEndpoint, scope).TokenAddress.AbsoluteUri);

    [Theory]
    [InlineData("westeurope", null, null, "westeurope", null)]
    [InlineData(null, Custom + "some/path", null, null, Custom)]
    [InlineData("westeurope", Custom, null, "westeurope", Custom)]
    [InlineData(null, "https://westeurope.api.cognitive.microsoft.com/", null, "westeurope", null)]
    [InlineData(null, "https://westeurope.stt.speech.microsoft.com/", null, "westeurope", null)]
    [InlineData(null, null, Custom + "sts/v1.0/issueToken", null, Custom)]
    [InlineData(null, null, "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken", "westeurope", null)]
    [InlineData(null, null, "https://westeurope.stt.speech.microsoft.com/v1.0/issueToken", null, null)] // of 2018
    [InlineData(null, null, "https://gateway.example/issueToken", null, null)]
    [InlineData(null, "https://gateway.example/", null, null, "https://gateway.example/")]
    public void The_resource_is_the_one_that_is_set(
        string? region,
        string? endpoint,
        string? tokenEndpoint,
        string? expectedRegion,
        string? expectedEndpoint
    )
    {
        var resource = Resource(region, endpoint, tokenEndpoint);

        Assert.Equal((expectedRegion, expectedEndpoint), (resource.Region, resource.Endpoint?.AbsoluteUri));
    }

    // The keys' hosts; the tokens' are in AzureSpeechHostTests.
    [Theory]
    [InlineData(
        null,
        null,
        "https://mine.cognitiveservices.azure.com/sts/v1.0/issueToken",
        "mine.cognitiveservices.azure.com mine.services.ai.azure.com"
    )]
    [InlineData(
        null,
        null,
        "https://MINE.cognitiveservices.azure.com/sts/v1.0/issueToken",
        "mine.cognitiveservices.azure.com mine.services.ai.azure.com"
    )]
    [InlineData(
        null,
        null,
        "https://mine.cognitiveservices.azure.com:8443/sts/v1.0/issueToken",
        "mine.cognitiveservices.azure.com:8443"
    )]
    [InlineData(null, "https://mine.cognitiveservices.azure.us/", null, "mine.cognitiveservices.azure.us")]
    [InlineData(null, "https://mine.cognitiveservices.azure.cn/", null, "mine.cognitiveservices.azure.cn")]
    [InlineData(
        null,
        "https://mine.services.ai.azure.com/",
        null,
        "mine.services.ai.azure.com mine.cognitiveservices.azure.com"
    )]
    [InlineData(null, "https://speech.contoso.example:8443/", null, "speech.contoso.example:8443")] // whoever sets it sends the key there
    [InlineData(null, "http://emulator:8080/", null, "")] // http is allowed at the handler
    [InlineData(
        null,
        "https://one.cognitiveservices.azure.us/",
        "https://two.cognitiveservices.azure.us/sts/v1.0/issueToken",
        "one.cognitiveservices.azure.us two.cognitiveservices.azure.us"
    )]
    [InlineData(null, null, "https://westeurope.stt.speech.microsoft.com/v1.0/issueToken", "")] // of 2018: no presets
    [InlineData(null, null, "https://cognitiveservices.azure.com/sts/v1.0/issueToken", "")]
    [InlineData(null, null, "https://evilcognitiveservices.azure.com/sts/v1.0/issueToken", "")]
    [InlineData(null, null, "https://cognitiveservices.azure.com.evil.example/issueToken", "")]
    [InlineData(null, null, "http://127.0.0.1:5000/issueToken", "")]
    [InlineData(null, null, "https://api.cognitive.microsoft.com/sts/v1.0/issueToken", "")] // before there were regions
    [InlineData(null, null, "https://usgovvirginia.api.cognitive.microsoft.com/sts/v1.0/issueToken", "")] // of another cloud
    [InlineData(null, null, "https://westeurope.api.cognitive.microsoft.com.evil.example/sts/v1.0/issueToken", "")]
    [InlineData(null, null, "https://west.europe.api.cognitive.microsoft.com/sts/v1.0/issueToken", "")]
    [InlineData(null, null, "https://west-europe.api.cognitive.microsoft.com/sts/v1.0/issueToken", "")]
    [InlineData(null, null, "https://westeurope.api.cognitive.microsoft.com:8443/sts/v1.0/issueToken", "")]
    [InlineData(
        "usgovvirginia",
        null,
        null,
        "usgovvirginia.stt.speech.azure.us usgovvirginia.tts.speech.azure.us usgovvirginia.api.cognitive.microsoft.us"
    )]
    [InlineData(
        null,
        null,
        "https://USGovVirginia.api.cognitive.microsoft.us/sts/v1.0/issuetoken",
        "usgovvirginia.stt.speech.azure.us usgovvirginia.tts.speech.azure.us usgovvirginia.api.cognitive.microsoft.us"
    )]
    [InlineData(
        "usgovvirginia",
        null,
        "https://usgovarizona.api.cognitive.microsoft.us/sts/v1.0/issueToken",
        "usgovvirginia.stt.speech.azure.us usgovvirginia.tts.speech.azure.us usgovarizona.stt.speech.azure.us usgovarizona.tts.speech.azure.us usgovvirginia.api.cognitive.microsoft.us usgovarizona.api.cognitive.microsoft.us"
    )]
    public void The_hosts_are_those_of_all_that_is_set(
        string? region,
        string? endpoint,
        string? tokenEndpoint,
        string expected
    ) => Assert.Equal(expected, string.Join(" ", Resource(region, endpoint, tokenEndpoint).KeyHosts));

    private static AzureSpeechResource Resource(
        string? region,
        string? endpoint,
        string? tokenEndpoint,
        string? scope = null
    ) =>
        new(
            new AzureSpeechOptions
            {
                Region = region,
                Endpoint = endpoint is null ? null : new Uri(endpoint),
                TokenEndpoint = tokenEndpoint is null ? null : new Uri(tokenEndpoint),
                Scope = scope,
            }
        );
}
