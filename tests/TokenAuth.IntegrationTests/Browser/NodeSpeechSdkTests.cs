using System.Globalization;
using System.Text.Json.Nodes;
using TokenAuth.IntegrationTests.Emulator;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>The vendor's own Speech SDK, in Node, takes the emulator for Azure.</summary>
public sealed class NodeSpeechSdkTests(NodeFixture node) : EmulatorFixture
{
    private readonly Shell _shell = new();

    [Fact]
    public async Task It_recognizes_a_file()
    {
        var result = await RunAsync("recognize", await Client.AzureTokenAsync(), SpokenAudio.Wave(1.5));

        Assert.Equal(
            """{"reason":"RecognizedSpeech","text":"Emulated speech of 48044 bytes.","duration":15000000}""",
            result
        );
    }

    [Fact]
    public async Task It_recognizes_phrase_after_phrase()
    {
        var result = await RunAsync(
            "recognizeContinuously",
            await Client.AzureTokenAsync(),
            SpokenAudio.Wave(1.5, 1, 0.5)
        );

        Assert.Equal(
            """{"texts":["Emulated speech of 73644 bytes.","Emulated speech of 22400 bytes."],"hasGuessed":true}""",
            result
        );
    }

    [Fact]
    public async Task It_speaks_and_tells_the_words()
    {
        var result = await RunAsync("speak", await Client.AzureTokenAsync(), "Hello, dear world!");

        Assert.Equal(
            """{"reason":"SynthesizingAudioCompleted","bytes":34604,"seconds":1.08,"words":["0 Hello","5 ,","7 dear","12 world","17 !"]}""",
            result
        );
    }

    [Fact]
    public async Task It_takes_a_key()
    {
        var result = await RunAsync("recognizeWithKey", Emulator.AzureSpeech.PrimaryKey, SpokenAudio.Wave(0.5));

        Assert.Equal("""{"reason":"RecognizedSpeech","text":"Emulated speech of 16044 bytes."}""", result);
    }

    [Fact]
    public async Task It_says_that_a_token_was_refused()
    {
        var token = await Client.AzureTokenAsync();
        Emulator.RevokeAccessTokens();

        var recognized = JsonNode.Parse(await RunAsync("recognize", token, SpokenAudio.Wave(0.5)))!;
        var spoken = JsonNode.Parse(await RunAsync("speak", token, "Hello"))!;

        Assert.Equal("Canceled", (string?)recognized["reason"]);
        Assert.Contains(
            "Unexpected server response: 401",
            (string?)recognized["errorDetails"],
            StringComparison.Ordinal
        );
        Assert.Equal("Canceled", (string?)spoken["reason"]);
        Assert.Contains("Unexpected server response: 401", (string?)spoken["errorDetails"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_asks_its_credential_again_when_a_token_is_refused()
    {
        var tokens = "refused," + await Client.AzureTokenAsync();

        var result = await RunAsync("recognizeUniversally", tokens, SpokenAudio.Wave(0.5));

        Assert.Equal("""{"reason":"RecognizedSpeech","text":"Emulated speech of 16044 bytes.","asked":2}""", result);
    }

    [Fact]
    public async Task It_says_that_the_connection_was_lost()
    {
        Emulator.Faults.Next(TokenServiceEndpoint.AzureTts, TokenServiceFault.DropConnectionAfter(2));

        var result = JsonNode.Parse(await RunAsync("speak", await Client.AzureTokenAsync(), "Hello"))!;

        Assert.Equal("Canceled", (string?)result["reason"]);
        Assert.Contains("websocket error code: 1006", (string?)result["errorDetails"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_closed_recognizer_is_kept_fresh_no_longer()
    {
        var script = Path.Combine(Package.Sdk.Repository, "src/TokenAuth.AspNetCore/wwwroot/speech-token.js");

        var result = await RunAsync("keepFreshAndClose", "a.b.c", script);

        Assert.Equal("""{"isKept":true,"isLooking":false,"token":"closed"}""", result);
    }

    public override async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        await base.DisposeAsync();
    }

    private async Task<string> RunAsync(string use, string credential, byte[] wave)
    {
        var file = _shell.PathOf("speech.wav");
        await File.WriteAllBytesAsync(file, wave, TestContext.Current.CancellationToken);
        return await RunAsync(use, credential, file);
    }

    private async Task<string> RunAsync(string use, string credential, string input)
    {
        var packages = (await node.GetAsync()).Folder;
        var script = Path.Combine(AppContext.BaseDirectory, "npm", "speech.cjs");
        var (exitCode, output, error) = await _shell.RunAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"NODE_PATH='{packages}' node '{script}' '{Emulator.AzureSpeechHost}' {use} '{credential}' '{input}'"
            )
        );

        Assert.True(exitCode == 0, error);
        return output.TrimEnd();
    }
}
