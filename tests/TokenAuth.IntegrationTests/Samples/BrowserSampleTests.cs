using TokenAuth.IntegrationTests.Browsing;

namespace TokenAuth.IntegrationTests.Samples;

/// <summary>The sample as a person starts it; its page is tested in the Browser folder.</summary>
public sealed class BrowserSampleTests(NodeFixture node)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_where_its_page_is_and_serves_it_offline()
    {
        var npm = Path.GetDirectoryName((await node.GetAsync()).Folder)!;
        using var sample = SampleProcess.Start("Browser", "--urls", "http://127.0.0.1:0", "--npm", npm);

        var page = (await sample.Output.ReadLineAsync(Stop))!;
        var azure = (await sample.Output.ReadLineAsync(Stop))!;
        var sdk = await sample.Output.ReadLineAsync(Stop);

        Assert.StartsWith("page  http://127.0.0.1:", page, StringComparison.Ordinal);
        Assert.StartsWith("azure emulated at http://127.0.0.1:", azure, StringComparison.Ordinal);
        Assert.Equal("sdk   from npm", sdk);
        using var http = new HttpClient { BaseAddress = new Uri(page["page  ".Length..]) };
        Assert.Contains("Speech in the browser", await http.GetStringAsync("", Stop), StringComparison.Ordinal);
        Assert.Contains(
            "createSpeechTokens",
            await http.GetStringAsync("_content/TokenAuth.AspNetCore/speech-token.js", Stop),
            StringComparison.Ordinal
        );
        Assert.Contains("SpeechSDK", await http.GetStringAsync("speech-sdk.js", Stop), StringComparison.Ordinal);
    }
}
