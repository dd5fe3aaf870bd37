using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>The Speech SDK's protocol, message by message; the real SDK speaks it in the Browser folder.</summary>
public sealed class SpeechSocketTests : EmulatorFixture
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_phrase_ends_the_turn_of_interactive_recognition()
    {
        using var client = await ConnectAsync(SpeechSocketClient.Interactive);
        await client.SendAudioAsync(SpokenAudio.Wave(2));

        var turn = await client.ReceiveTurnAsync();

        Assert.Equal(
            [
                "turn.start",
                "speech.startDetected",
                "speech.hypothesis",
                "speech.hypothesis",
                "speech.endDetected",
                "speech.phrase",
                "turn.end",
            ],
            turn.Select(message => message.Path)
        );
        var phrase = turn[^2].Json;
        Assert.Equal("Success", (string?)phrase["RecognitionStatus"]);
        Assert.Equal("Emulated speech of 64044 bytes.", (string?)phrase["DisplayText"]);
        Assert.Equal(0, (long?)phrase["Offset"]);
        Assert.Equal(20_000_000, (long?)phrase["Duration"]);
        Assert.Null(phrase["NBest"]);
    }

    [Fact]
    public async Task One_file_gives_one_text_over_the_websocket_and_over_rest()
    {
        var file = SpokenAudio.Wave(1.234);
        using var client = await ConnectAsync(SpeechSocketClient.Interactive + "&format=detailed");
        await client.SendAudioAsync(file);
        var phrase = (await client.ReceiveTurnAsync())[^2].Json;

        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(Emulator.AzureSttAddress + "?language=en-US&format=detailed")
        );
        request.Content = new ByteArrayContent(file);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        request.Headers.Authorization = new("Bearer", await Client.AzureTokenAsync());
        using var response = await Client.Http.SendAsync(request, Stop);
        using var rest = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop));

        Assert.Equal(rest.RootElement.GetProperty("DisplayText").GetString(), (string?)phrase["DisplayText"]);
        Assert.Equal(rest.RootElement.GetProperty("NBest").ToString(), phrase["NBest"]!.ToJsonString());
    }

    [Theory]
    [InlineData(320)]
    [InlineData(3_201)]
    [InlineData(1_000_000)]
    public async Task Pauses_cut_a_conversation_into_phrases_however_it_is_sent(int pieceLength)
    {
        using var client = await ConnectAsync(SpeechSocketClient.Conversation);
        await client.SendAudioAsync(SpokenAudio.Wave(1, 1, 0.5, 0.7, 0.5, 2, 1), pieceLength);

        var phrases = Phrases(await client.ReceiveTurnAsync());

        Assert.Equal(
            [
                ("Emulated speech of 57644 bytes.", 0, 10_000_000),
                ("Emulated speech of 86400 bytes.", 20_000_000, 17_000_000),
                ("Emulated speech of 70400 bytes.", 57_000_000, 10_000_000),
            ],
            phrases
        );
    }

    [Fact]
    public async Task The_context_says_that_a_universal_turn_is_interactive()
    {
        using var client = await ConnectAsync(SpeechSocketClient.Universal);
        await client.SendAsync("speech.context", """{"phraseDetection":{"mode":"Interactive"}}""");
        await client.SendAudioAsync(SpokenAudio.Wave(1, 1, 1));

        Assert.Single(Phrases(await client.ReceiveTurnAsync()));
    }

    [Fact]
    public async Task A_connection_serves_one_turn_after_the_other()
    {
        using var client = await ConnectAsync(SpeechSocketClient.Interactive);
        await client.SendAudioAsync(SpokenAudio.Wave(1, 1, 5));
        await client.ReceiveTurnAsync();
        client.RequestId = "fedcba9876543210fedcba9876543210";

        await client.SendAudioAsync(SpokenAudio.Wave(0.5));

        Assert.Equal([("Emulated speech of 16044 bytes.", 0, 5_000_000)], Phrases(await client.ReceiveTurnAsync()));
    }

    [Theory]
    [InlineData(6, false, 50_000_000)]
    [InlineData(1, true, 10_000_000)]
    public async Task Silence_is_no_speech(double seconds, bool ends, long duration)
    {
        using var client = await ConnectAsync(SpeechSocketClient.Interactive);
        await client.SendAudioAsync(SpokenAudio.Wave(0, seconds), ends: ends);

        var turn = await client.ReceiveTurnAsync();

        Assert.Equal(["turn.start", "speech.phrase", "turn.end"], turn.Select(message => message.Path));
        Assert.Equal("InitialSilenceTimeout", (string?)turn[1].Json["RecognitionStatus"]);
        Assert.Equal(duration, (long?)turn[1].Json["Duration"]);
    }

    [Fact]
    public async Task A_conversation_outlives_its_first_silence()
    {
        using var client = await ConnectAsync(SpeechSocketClient.Conversation);
        await client.SendAudioAsync(SpokenAudio.Wave(0, 6, 1));

        var paths = (await client.ReceiveTurnAsync()).Select(message => message.Path);

        Assert.Equal(
            [
                "turn.start",
                "speech.phrase",
                "speech.startDetected",
                "speech.hypothesis",
                "speech.endDetected",
                "speech.phrase",
                "turn.end",
            ],
            paths
        );
    }

    [Fact]
    public async Task Audio_in_another_format_is_one_phrase()
    {
        using var client = await ConnectAsync(SpeechSocketClient.Conversation);
        await client.SendAudioAsync([.. "OggS"u8, .. new byte[5_000]]);

        Assert.Equal("Emulated speech of 5004 bytes.", Phrases(await client.ReceiveTurnAsync()).Single().Text);
    }

    [Fact]
    public async Task Ssml_becomes_the_audio_that_rest_gives()
    {
        using var client = await ConnectAsync(SpeechSocketClient.Synthesis);
        await SpeakAsync(client, "Hello, world!", "riff-16khz-16bit-mono-pcm");

        var turn = await client.ReceiveTurnAsync();

        Assert.Equal("turn.start", turn[0].Path);
        Assert.Equal("response", turn[1].Path);
        Assert.Equal("""{"type":"inline","streamId":"S1"}""", turn[1].Json["audio"]!.ToJsonString());
        var audio = turn.SelectMany(message => message.Audio).ToArray();
        Assert.Equal(await SynthesizeByRestAsync("Hello, world!", "riff-16khz-16bit-mono-pcm"), audio);
        Assert.Equal("turn.end", turn[^1].Path);
    }

    [Fact]
    public async Task Metadata_are_told_where_they_are_asked_for()
    {
        const string Options = """
            {"wordBoundaryEnabled":true,"punctuationBoundaryEnabled":"true","sentenceBoundaryEnabled":true,"sessionEndEnabled":true}
            """;
        using var client = await ConnectAsync(SpeechSocketClient.Synthesis);
        await SpeakAsync(client, "Hi, you. Go!", "raw-16khz-16bit-mono-pcm", Options);

        var metadata = (await client.ReceiveTurnAsync())
            .Where(message => message.Path == "audio.metadata")
            .SelectMany(message => message.Json["Metadata"]!.AsArray())
            .Select(entry => $"{entry!["Type"]} {entry["Data"]!["Offset"]} {entry["Data"]!["text"]?["Text"]}");

        Assert.Equal(
            [
                "SentenceBoundary 0 Hi, you.",
                "WordBoundary 0 Hi",
                "WordBoundary 1200000 ,",
                "WordBoundary 2400000 you",
                "WordBoundary 4200000 .",
                "SentenceBoundary 5400000 Go!",
                "WordBoundary 5400000 Go",
                "WordBoundary 6600000 !",
                "SessionEnd 7200000 ",
            ],
            metadata
        );
    }

    [Theory]
    [InlineData("<speak", "raw-16khz-16bit-mono-pcm", "The SSML is not valid.")]
    [InlineData("<speak/>", "raw-11khz-16bit-mono-pcm", "Unsupported output format raw-11khz-16bit-mono-pcm.")]
    public async Task A_request_that_cannot_be_spoken_closes_the_connection(string ssml, string format, string reason)
    {
        using var client = await ConnectAsync(SpeechSocketClient.Synthesis);
        await client.SendAsync(
            "synthesis.context",
            $$$"""{"synthesis":{"audio":{"outputFormat":"{{{format}}}" } } }"""
        );
        await client.SendAsync("ssml", ssml, "application/ssml+xml");

        Assert.Equal("closed 1007 " + reason, (await client.ReceiveAsync()).Path);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("Path: speech.context\r\n\r\n{")]
    [InlineData("Path: speech.context\r\n\r\n[1]")]
    [InlineData("Path: synthesis.context\r\n\r\n7")]
    [InlineData("Path: something.else\r\n\r\n{}")]
    public async Task A_message_without_sense_is_passed_over(string message)
    {
        using var client = await ConnectAsync(SpeechSocketClient.Interactive);
        await client.Socket.SendAsync(
            System.Text.Encoding.UTF8.GetBytes(message),
            WebSocketMessageType.Text,
            endOfMessage: true,
            Stop
        );
        await client.Socket.SendAsync(new byte[] { 0 }, WebSocketMessageType.Binary, endOfMessage: true, Stop);
        await client.SendAudioAsync(SpokenAudio.Wave(0.5));

        Assert.Single(Phrases(await client.ReceiveTurnAsync()));
    }

    private async Task<SpeechSocketClient> ConnectAsync(string pathAndQuery)
    {
        var client = await SpeechSocketClient.ConnectAsync(Emulator, pathAndQuery, await Client.AzureTokenAsync());
        Assert.Equal(101, client.Status);
        return client;
    }

    private static async Task SpeakAsync(
        SpeechSocketClient client,
        string text,
        string format,
        string metadataOptions = "{}"
    )
    {
        await client.SendAsync(
            "synthesis.context",
            $$$"""{"synthesis":{"audio":{"metadataOptions": {{{metadataOptions}}},"outputFormat":"{{{format}}}" } } }"""
        );
        await client.SendAsync("ssml", $"<speak version='1.0'>{text}</speak>", "application/ssml+xml");
    }

    private async Task<byte[]> SynthesizeByRestAsync(string text, string format)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Emulator.AzureTtsAddress);
        request.Content = new StringContent($"<speak version='1.0'>{text}</speak>");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/ssml+xml");
        request.Headers.Add("X-Microsoft-OutputFormat", format);
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.PrimaryKey);
        using var response = await Client.Http.SendAsync(request, Stop);
        return await response.Content.ReadAsByteArrayAsync(Stop);
    }

    private static (string? Text, long Offset, long Duration)[] Phrases(List<SpeechSocketMessage> turn) =>
        [
            .. turn.Where(message => message.Path == "speech.phrase")
                .Select(message =>
                    (
                        (string?)message.Json["DisplayText"],
                        message.Json["Offset"]!.GetValue<long>(),
                        message.Json["Duration"]!.GetValue<long>()
                    )
                ),
        ];
}
