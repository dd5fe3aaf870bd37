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

    [Fact]
    public async Task Several_addresses_are_all_said()
    {
        var npm = Path.GetDirectoryName((await node.GetAsync()).Folder)!;
        using var sample = SampleProcess.Start("Browser", "--urls", "http://127.0.0.1:0;http://[::1]:0", "--npm", npm);

        Assert.Matches(
            @"^page  http://127\.0\.0\.1:\d+ http://\[::1\]:\d+$",
            (await sample.Output.ReadLineAsync(Stop))!
        );
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://127.0.0.1:0;http://*:0")]
    [InlineData("http://192.0.2.1:0")]
    public async Task Live_it_is_open_to_no_other_machine(string urls)
    {
        var (exitCode, _, error) = await SampleProcess.RunAsync("Browser", "--live", "--urls", urls);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"With --live anybody who reaches the page may sign in, and '{urls.Split(';')[^1]}' is open to other machines. Write --urls http://127.0.0.1:5090, or put your own "
                + "sign-in into SpeechPage.cs first.",
            error.Trim()
        );
    }

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("localhost", 200)]
    [InlineData("rebound.example", 400)]
    public async Task Live_it_answers_to_no_foreign_name(string host, int status)
    {
        var npm = Path.GetDirectoryName((await node.GetAsync()).Folder)!;
        using var sample = SampleProcess.Start(
            "Browser",
            "--live",
            "--urls",
            "http://127.0.0.1:0",
            "--npm",
            npm,
            "--TokenAuth:speech:Region",
            "westeurope",
            "--TokenAuth:speech:SubscriptionKey",
            "no-key"
        );
        var page = (await sample.Output.ReadLineAsync(Stop))!["page  ".Length..];
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.Host = host;

        using var response = await http.SendAsync(request, Stop);

        Assert.Equal(status, (int)response.StatusCode);
    }
}
