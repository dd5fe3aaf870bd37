using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

public sealed class AzureSpeechDataTests : EmulatorFixture
{
    private const string Ssml =
        "<speak version='1.0' xml:lang='en-US'><voice name='en-US-AvaNeural'>Hello, world!</voice></speak>";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chunked_audio_becomes_text()
    {
        using var request = AudioFor("?language=en-US");
        request.Headers.Authorization = new("Bearer", await Client.AzureTokenAsync());
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = true;

        using var response = await Client.Http.SendAsync(request, Stop);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(
            """{"RecognitionStatus":"Success","DisplayText":"Emulated speech of 64000 bytes.","Offset":"0","Duration":"20000000"}""",
            await response.Content.ReadAsStringAsync(Stop)
        );
        Assert.False(Emulator.Ledger.DataRequests[0].Headers.ContainsKey("Content-Length"));
    }

    [Fact]
    public async Task A_detailed_answer_has_the_alternatives()
    {
        using var request = AudioFor("?language=en-US&format=detailed");
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.PrimaryKey);

        using var response = await Client.Http.SendAsync(request, Stop);

        Assert.Contains(
            "\"NBest\":[{\"Confidence\":0.9876,\"Display\":\"Emulated speech of 64000 bytes.\"",
            await response.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Ssml_becomes_a_wave_file()
    {
        using var request = SsmlFor(Ssml, "riff-16khz-16bit-mono-pcm");
        request.Headers.Authorization = new("Bearer", await Client.AzureTokenAsync());

        using var response = await Client.Http.SendAsync(request, Stop);
        var audio = await response.Content.ReadAsByteArrayAsync(Stop);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("audio/x-wav", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("RIFF", Encoding.ASCII.GetString(audio, 0, 4));
        Assert.Equal("WAVEfmt ", Encoding.ASCII.GetString(audio, 8, 8));
        Assert.Equal(audio.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(audio.AsSpan(4)));
        Assert.Equal(16_000, BinaryPrimitives.ReadInt32LittleEndian(audio.AsSpan(24)));
        Assert.Equal(audio.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(audio.AsSpan(40)));
        Assert.Contains(audio.Skip(44), sample => sample != 0);
    }

    [Theory]
    [InlineData("raw-8khz-16bit-mono-pcm", "audio/basic")]
    [InlineData("riff-48khz-16bit-mono-pcm", "audio/x-wav")]
    [InlineData("audio-16khz-128kbitrate-mono-mp3", "audio/mpeg")]
    [InlineData("audio-24khz-160kbitrate-mono-mp3", "audio/mpeg")]
    [InlineData("audio-48khz-192kbitrate-mono-mp3", "audio/mpeg")]
    [InlineData(null, "audio/x-wav")]
    public async Task The_format_is_the_one_asked_for(string? format, string contentType)
    {
        using var request = SsmlFor(Ssml, format);
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.PrimaryKey);

        using var response = await Client.Http.SendAsync(request, Stop);

        Assert.Equal(contentType, response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("<speak/", null, "application/ssml+xml", 400)]
    [InlineData("<speech>Hello</speech>", null, "application/ssml+xml", 400)]
    [InlineData("", null, "application/ssml+xml", 400)]
    [InlineData(Ssml, "riff-11khz-16bit-mono-pcm", "application/ssml+xml", 400)]
    [InlineData(Ssml, "audio-24khz-161kbitrate-mono-mp3", "application/ssml+xml", 400)]
    [InlineData(Ssml, "ogg-24khz-16bit-mono-opus", "application/ssml+xml", 400)]
    [InlineData(Ssml, null, "text/plain", 415)]
    public async Task Ssml_that_cannot_be_spoken_is_refused(string ssml, string? format, string contentType, int status)
    {
        using var request = SsmlFor(ssml, format);
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.PrimaryKey);

        using var response = await Client.Http.SendAsync(request, Stop);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("", "audio/wav", 10, 400)]
    [InlineData("?language=en-US", "audio/wav", 0, 400)]
    [InlineData("?language=en-US", "text/plain", 10, 415)]
    public async Task Audio_that_cannot_be_recognized_is_refused(string query, string type, int length, int status)
    {
        using var request = AudioFor(query);
        request.Content = new ByteArrayContent(new byte[length]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Add("Ocp-Apim-Subscription-Key", Emulator.AzureSpeech.SecondaryKey);

        using var response = await Client.Http.SendAsync(request, Stop);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(-1, 200)]
    [InlineData(0, 401)]
    public async Task A_token_ends_after_ten_minutes(int ticksFromEnd, int status)
    {
        var token = await Client.AzureTokenAsync();
        Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(ticksFromEnd));

        Assert.Equal(status, await RecognizeAsync(bearer: token));
        Assert.Equal(status, await SynthesizeAsync(bearer: token));
        Assert.Equal(
            TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(ticksFromEnd),
            Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureTts].OldestTokenAge
        );
    }

    [Fact]
    public async Task A_new_token_does_not_revoke_the_old()
    {
        var old = await Client.AzureTokenAsync();
        await Client.AzureTokenAsync();

        Assert.Equal(200, await RecognizeAsync(bearer: old));
    }

    [Fact]
    public async Task A_wrong_credential_is_401_and_a_missing_one_403_at_speech_to_text()
    {
        Assert.Equal((401, 401), (await RecognizeAsync(bearer: "wrong"), await SynthesizeAsync(bearer: "wrong")));
        Assert.Equal((401, 401), (await RecognizeAsync(key: "wrong"), await SynthesizeAsync(key: "wrong")));
        Assert.Equal((403, 401), (await RecognizeAsync(), await SynthesizeAsync()));
        Assert.Equal(6, Emulator.Ledger.DataCallsRejected);
    }

    [Fact]
    public async Task Both_keys_and_a_token_are_good_and_tokens_survive_their_key()
    {
        var token = await Client.AzureTokenAsync();
        var (primary, secondary) = (Emulator.AzureSpeech.PrimaryKey, Emulator.AzureSpeech.SecondaryKey);
        Assert.Equal((200, 200), (await RecognizeAsync(key: primary), await SynthesizeAsync(key: secondary)));

        Emulator.AzureSpeech.RegenerateKey(AzureSpeechKey.Primary);

        Assert.Equal((401, 200), (await RecognizeAsync(key: primary), await RecognizeAsync(bearer: token)));
    }

    [Fact]
    public async Task An_expired_token_is_403_at_older_services()
    {
        Emulator.Options.AzureSpeech.RejectionStatusCode = HttpStatusCode.Forbidden;
        var token = await Client.AzureTokenAsync();
        Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(403, await SynthesizeAsync(bearer: token));
    }

    [Fact]
    public async Task Another_region_does_not_know_the_token()
    {
        var token = await Client.AzureTokenAsync();

        Assert.Equal(200, await RecognizeAsync(bearer: token, host: "westeurope.stt.speech.microsoft.com"));
        Assert.Equal(401, await RecognizeAsync(bearer: token, host: "northeurope.stt.speech.microsoft.com"));
    }

    [Fact]
    public async Task Tokens_are_revoked_and_requests_rejected_on_demand()
    {
        var token = await Client.AzureTokenAsync();
        Emulator.Faults.RejectNext(TokenServiceEndpoint.AzureStt);
        Assert.Equal((401, 200), (await RecognizeAsync(bearer: token), await RecognizeAsync(bearer: token)));

        Assert.True(Emulator.AzureSpeech.RevokeAccessToken(token));

        Assert.Equal(401, await RecognizeAsync(bearer: token));
        Assert.False(Emulator.AzureSpeech.RevokeAccessToken(token));
    }

    private HttpRequestMessage AudioFor(string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Emulator.AzureSttAddress + query));
        request.Content = new ByteArrayContent(new byte[64_000]);
        // The documented value is none that .NET's own parser takes.
        request.Content.Headers.TryAddWithoutValidation(
            "Content-Type",
            "audio/wav; codecs=audio/pcm; samplerate=16000"
        );
        return request;
    }

    private HttpRequestMessage SsmlFor(string ssml, string? format)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Emulator.AzureTtsAddress);
        request.Content = new StringContent(ssml, Encoding.UTF8, "application/ssml+xml");
        if (format is not null)
            request.Headers.Add("X-Microsoft-OutputFormat", format);
        return request;
    }

    private Task<int> RecognizeAsync(string? bearer = null, string? key = null, string? host = null) =>
        SendAsync(AudioFor("?language=en-US"), bearer, key, host);

    private Task<int> SynthesizeAsync(string? bearer = null, string? key = null) =>
        SendAsync(SsmlFor(Ssml, null), bearer, key, null);

    private async Task<int> SendAsync(HttpRequestMessage request, string? bearer, string? key, string? host)
    {
        using (request)
        {
            request.Headers.Host = host;
            if (bearer is not null)
                request.Headers.Authorization = new("Bearer", bearer);
            if (key is not null)
                request.Headers.Add("Ocp-Apim-Subscription-Key", key);
            using var response = await Client.Http.SendAsync(request, Stop);
            return (int)response.StatusCode;
        }
    }
}
