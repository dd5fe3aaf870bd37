namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechRegionTests
{
    [Theory]
    [InlineData(
        "westeurope",
        "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken",
        "westeurope.stt.speech.microsoft.com westeurope.tts.speech.microsoft.com westeurope.s2s.speech.microsoft.com"
    )]
    [InlineData(
        "eastus2",
        "https://eastus2.api.cognitive.microsoft.com/sts/v1.0/issueToken",
        "eastus2.stt.speech.microsoft.com eastus2.tts.speech.microsoft.com eastus2.s2s.speech.microsoft.com"
    )]
    [InlineData(
        "usgovvirginia",
        "https://usgovvirginia.api.cognitive.microsoft.us/sts/v1.0/issueToken",
        "usgovvirginia.stt.speech.azure.us usgovvirginia.tts.speech.azure.us"
    )]
    [InlineData(
        "chinaeast2",
        "https://chinaeast2.api.cognitive.azure.cn/sts/v1.0/issueToken",
        "chinaeast2.stt.speech.azure.cn chinaeast2.tts.speech.azure.cn"
    )]
    [InlineData(
        "anotherregion9", // no list: it changes
        "https://anotherregion9.api.cognitive.microsoft.com/sts/v1.0/issueToken",
        "anotherregion9.stt.speech.microsoft.com anotherregion9.tts.speech.microsoft.com anotherregion9.s2s.speech.microsoft.com"
    )]
    public void A_region_has_its_clouds_addresses(string region, string endpoint, string hosts)
    {
        Assert.Equal(endpoint, AzureSpeechRegion.TokenEndpoint(region).AbsoluteUri);
        Assert.Equal(hosts.Split(' '), AzureSpeechRegion.DataHosts(new AzureSpeechOptions { Region = region }));
    }

    [Theory]
    [InlineData("https://mine.cognitiveservices.azure.com/sts/v1.0/issueToken", "mine.cognitiveservices.azure.com")]
    [InlineData("https://MINE.cognitiveservices.azure.com/sts/v1.0/issueToken", "mine.cognitiveservices.azure.com")]
    [InlineData(
        "https://mine.cognitiveservices.azure.com:8443/sts/v1.0/issueToken",
        "mine.cognitiveservices.azure.com:8443"
    )]
    [InlineData("https://mine.cognitiveservices.azure.us/sts/v1.0/issueToken", "mine.cognitiveservices.azure.us")]
    [InlineData("https://mine.cognitiveservices.azure.cn/sts/v1.0/issueToken", "mine.cognitiveservices.azure.cn")]
    [InlineData("https://westeurope.stt.speech.microsoft.com/v1.0/issueToken", "")] // of 2018: no presets
    [InlineData("https://cognitiveservices.azure.com/sts/v1.0/issueToken", "")]
    [InlineData("https://evilcognitiveservices.azure.com/sts/v1.0/issueToken", "")]
    [InlineData("https://cognitiveservices.azure.com.evil.example/issueToken", "")]
    [InlineData("http://127.0.0.1:5000/issueToken", "")]
    public void An_endpoint_alone_presets_only_a_custom_domain(string endpoint, string hosts) =>
        Assert.Equal(
            hosts,
            string.Join(" ", AzureSpeechRegion.DataHosts(new AzureSpeechOptions { TokenEndpoint = new Uri(endpoint) }))
        );

    [Theory]
    [InlineData("https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken", "westeurope")]
    [InlineData("https://WestEurope.api.cognitive.microsoft.com/sts/v1.0/issuetoken", "westeurope")]
    [InlineData("https://usgovvirginia.api.cognitive.microsoft.us/sts/v1.0/issueToken", "usgovvirginia")]
    [InlineData("https://chinaeast2.api.cognitive.azure.cn/sts/v1.0/issueToken", "chinaeast2")]
    public void The_endpoint_of_a_region_presets_the_regions_hosts(string endpoint, string region) =>
        Assert.Equal(
            AzureSpeechRegion.DataHosts(new AzureSpeechOptions { Region = region }),
            AzureSpeechRegion.DataHosts(new AzureSpeechOptions { TokenEndpoint = new Uri(endpoint) })
        );

    [Theory]
    [InlineData("https://api.cognitive.microsoft.com/sts/v1.0/issueToken")] // before there were regions
    [InlineData("https://usgovvirginia.api.cognitive.microsoft.com/sts/v1.0/issueToken")] // of another cloud
    [InlineData("https://westeurope.api.cognitive.microsoft.com.evil.example/sts/v1.0/issueToken")]
    [InlineData("https://west.europe.api.cognitive.microsoft.com/sts/v1.0/issueToken")]
    [InlineData("https://west-europe.api.cognitive.microsoft.com/sts/v1.0/issueToken")]
    [InlineData("https://westeurope.api.cognitive.microsoft.com:8443/sts/v1.0/issueToken")]
    public void An_endpoint_that_is_like_a_regions_presets_nothing(string endpoint) =>
        Assert.Empty(AzureSpeechRegion.DataHosts(new AzureSpeechOptions { TokenEndpoint = new Uri(endpoint) }));

    [Fact]
    public void A_region_that_is_set_wins_over_the_endpoints() =>
        Assert.Equal(
            AzureSpeechRegion.DataHosts(new AzureSpeechOptions { Region = "northeurope" }),
            AzureSpeechRegion.DataHosts(
                new AzureSpeechOptions
                {
                    Region = "northeurope",
                    TokenEndpoint = new Uri("https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken"),
                }
            )
        );

    [Fact]
    public void A_region_and_a_custom_domain_preset_both() =>
        Assert.Equal(
            [
                "westeurope.stt.speech.microsoft.com",
                "westeurope.tts.speech.microsoft.com",
                "westeurope.s2s.speech.microsoft.com",
                "mine.cognitiveservices.azure.com",
            ],
            AzureSpeechRegion.DataHosts(
                new AzureSpeechOptions
                {
                    Region = "westeurope",
                    TokenEndpoint = new Uri("https://mine.cognitiveservices.azure.com/sts/v1.0/issueToken"),
                }
            )
        );

    [Theory]
    [Trait("Failure", "37")]
    [InlineData("westeurope", true)]
    [InlineData("a", true)]
    [InlineData("7", true)]
    [InlineData("", false)]
    [InlineData("West Europe", false)]
    [InlineData("westeurope.evil", false)]
    [InlineData("westeurope/", false)]
    [InlineData("west-europe", false)]
    [InlineData("wésteurope", false)]
    [InlineData("westeurope\n", false)]
    [InlineData("ｗesteurope", false)] // full width
    [InlineData("٧", false)] // a digit elsewhere
    public void A_region_is_checked_by_its_syntax(string region, bool isGood) =>
        Assert.Equal(isGood, AzureSpeechRegion.IsWellFormed(region));
}
