using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>The commands of the vendors' pages as they stand there, but for the address, sent with curl itself.</summary>
public sealed class VendorCurlTests : EmulatorFixture
{
    private const string VkToken = "https://mcs.mail.ru/auth/oauth/v1/token";

    private static readonly string[] s_vendors =
    [
        "voice.mcs.mail.ru",
        "mcs.mail.ru",
        "smarty.mail.ru",
        "westeurope.api.cognitive.microsoft.com",
        "westeurope.stt.speech.microsoft.com",
        "westeurope.tts.speech.microsoft.com",
    ];

    private readonly Shell _shell = new();

    [Fact]
    public async Task VK_a_first_token()
    {
        var (status, body) = await CurlAsync(
            $$"""
            curl -L -w '\n' -X POST 'https://mcs.mail.ru/auth/oauth/v1/token' -D - -HContent-Type:application/json -d '{"client_id": "{{VkCloudClient.Voice.ClientId}}", "client_secret":"{{VkCloudClient.Voice.ClientSecret}}", "grant_type":"client_credentials"}'
            """
        );

        Assert.Equal(200, status);
        Assert.Equal(
            ["refresh_token", "access_token", "expired_in", "scope"],
            JsonNode.Parse(body)!.AsObject().Select(member => member.Key)
        );
    }

    [Fact]
    public async Task VK_a_refresh()
    {
        var refreshToken = (string)(await Client.MintAsync(VkCloudClient.Voice)).Body["refresh_token"]!;

        var (status, body) = await CurlAsync(
            $$"""
            curl -X POST 'https://mcs.mail.ru/auth/oauth/v1/token' \
            -H Content-Type:application/json \
            -d '{
            "client_id":"{{VkCloudClient.Voice.ClientId}}",
            "refresh_token":"{{refreshToken}}", "grant_type":"refresh_token"}'
            """
        );

        Assert.Equal(200, status);
        Assert.Equal(refreshToken, (string?)JsonNode.Parse(body)!["refresh_token"]);
    }

    [Fact]
    public async Task VK_a_form_instead_of_JSON()
    {
        var (status, body) = await CurlAsync(
            $"curl -X POST '{VkToken}' -d 'client_id={VkCloudClient.Voice.ClientId}' -d 'client_secret={VkCloudClient.Voice.ClientSecret}' -d grant_type=client_credentials"
        );

        Assert.Equal(400, status);
        Assert.Equal("invalid_request", (string?)JsonNode.Parse(body)!["error"]);
    }

    [Fact]
    public async Task VK_a_first_token_without_the_secret()
    {
        var (status, body) = await CurlAsync(
            $$"""curl -X POST '{{VkToken}}' -HContent-Type:application/json -d '{"client_id":"{{VkCloudClient.Voice.ClientId}}","grant_type":"client_credentials"}'"""
        );

        Assert.Equal(400, status);
        Assert.Equal("invalid_request", (string?)JsonNode.Parse(body)!["error"]);
    }

    [Fact]
    public async Task Voice_text_to_audio_and_back()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (made, _) = await CurlAsync(
            $"""
            curl -L --request POST \
              --url 'https://voice.mcs.mail.ru/tts?encoder=opus' \
              --header 'Authorization: Bearer {token}' \
              --header 'Content-Type: text/plain' \
              --data 'hello alice'
            """
        );
        File.Copy(_shell.PathOf("body"), _shell.PathOf("tts.ogg"));
        var (recognized, body) = await CurlAsync(
            $"""
            curl -L --request POST 'https://voice.mcs.mail.ru/asr' \
            --header 'Content-Type: audio/ogg; codecs=opus' \
            --header 'Authorization: Bearer {token}'  \
            --data-binary '@tts.ogg'
            """
        );

        Assert.Equal((200, 200), (made, recognized));
        var length = new FileInfo(_shell.PathOf("tts.ogg")).Length;
        Assert.Equal(
            $"emulated speech of {length} bytes",
            (string?)JsonNode.Parse(body)!["result"]!["texts"]![0]!["text"]
        );
    }

    [Fact]
    public async Task Voice_text_in_the_query()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (status, _) = await CurlAsync(
            $"""
            curl -L --request GET \
                --url 'https://voice.mcs.mail.ru/tts?text=hello%20alice' \
                --header 'Authorization: Bearer {token}'
            """
        );

        Assert.Equal(200, status);
        Assert.Equal("RIFF"u8.ToArray(), (await BodyAsync())[..4]);
    }

    [Fact]
    public async Task Voice_a_stream()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (created, task) = await CurlAsync(
            $"""
            curl --request POST \
              --url https://voice.mcs.mail.ru/asr_stream/create_task \
              --header 'Authorization: Bearer {token}'
            """
        );
        var taskId = (string?)JsonNode.Parse(task)!["result"]!["task_id"];
        var taskToken = (string?)JsonNode.Parse(task)!["result"]!["task_token"];
        var (added, _) = await CurlAsync(
            $"""
            curl --request POST \
              --url 'https://voice.mcs.mail.ru/asr_stream/add_chunk?task_id={taskId}&chunk_num=1' \
              --header 'Authorization: Bearer {taskToken}' \
              --header 'Content-Type: audio/wave' \
              --data 'xxxxxxxxxx'
            """
        );
        var (read, result) = await CurlAsync(
            $"""
            curl --request GET \
              --url 'https://voice.mcs.mail.ru/asr_stream/get_result?task_id={taskId}' \
              --header 'Authorization: Bearer {taskToken}'
            """
        );

        Assert.Equal((200, 200, 200), (created, added, read));
        Assert.Equal("emulated", (string?)JsonNode.Parse(result)!["result"]!["text"]);
    }

    [Fact]
    public async Task Vision_objects()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);
        await File.WriteAllBytesAsync(_shell.PathOf("pic.jpg"), [1, 2, 3], TestContext.Current.CancellationToken);

        var (status, body) = await CurlAsync(
            $$"""curl -k -v "https://smarty.mail.ru/api/v1/objects/detect?oauth_provider=mcs&oauth_token={{token}}" -F file_0=@pic.jpg -F meta='{"mode":["object", "scene"],"images":[{"name":"file_0"}]}'"""
        );

        Assert.Equal(200, status);
        Assert.Equal("file_0", (string?)JsonNode.Parse(body)!["body"]!["object_labels"]![0]!["name"]);
    }

    [Fact]
    public async Task Vision_text_with_a_content_type_of_its_own()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);
        await File.WriteAllBytesAsync(_shell.PathOf("page.jpg"), [1, 2, 3], TestContext.Current.CancellationToken);

        var (status, body) = await CurlAsync(
            $$"""
            curl -X 'POST' \
              'https://smarty.mail.ru/api/v1/text/recognize?oauth_token={{token}}&oauth_provider=mcs' \
              -H 'accept: application/json' \
              -H 'Content-Type: multipart/form-data' \
              -F 'file=@page.jpg;type=image/jpeg' \
              -F 'meta={
              "images": [
                {
                  "name": "file"
                }
              ]
            }'
            """
        );

        Assert.Equal(200, status);
        Assert.Equal(200, (int?)JsonNode.Parse(body)!["status"]);
    }

    [Theory]
    [InlineData("-H \"Content-Length: 0\"")]
    [InlineData("-d ''")]
    public async Task Azure_a_token(string length)
    {
        var (status, body) = await CurlAsync(
            $"""curl -v -X POST "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken" -H "Content-type: application/x-www-form-urlencoded" {length} -H "Ocp-Apim-Subscription-Key: {Emulator.AzureSpeech.PrimaryKey}" """
        );

        Assert.Equal(200, status);
        Assert.Equal(3, body.Split('.').Length);
        Assert.Equal("0", Emulator.Ledger.TokenRequests[0].Headers["Content-Length"]);
    }

    [Fact]
    public async Task Azure_a_token_without_a_length()
    {
        var (status, body) = await CurlAsync(
            $"""curl -v -X POST "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken" -H "Content-type: application/x-www-form-urlencoded" -H "Ocp-Apim-Subscription-Key: {Emulator.AzureSpeech.PrimaryKey}" """
        );

        Assert.Equal(411, status);
        Assert.StartsWith("<!DOCTYPE HTML", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Azure_text_to_audio_and_back()
    {
        var token = await Client.AzureTokenAsync();

        var (made, _) = await CurlAsync(
            $$"""
            curl --location --request POST "https://westeurope.tts.speech.microsoft.com/cognitiveservices/v1" \
            --header "Ocp-Apim-Subscription-Key: {{Emulator.AzureSpeech.SecondaryKey}}" \
            --header 'Content-Type: application/ssml+xml' \
            --header 'X-Microsoft-OutputFormat: riff-16khz-16bit-mono-pcm' \
            --header 'User-Agent: curl' \
            --data-raw '<speak version='\''1.0'\'' xml:lang='\''en-US'\''>
                <voice xml:lang='\''en-US'\'' xml:gender='\''Female'\'' name='\''en-US-AvaMultilingualNeural'\''>
                    my voice is my passport verify me
                </voice>
            </speak>'
            """
        );
        File.Copy(_shell.PathOf("body"), _shell.PathOf("speech.wav"));
        var (recognized, body) = await CurlAsync(
            $"""
            curl --location --request POST "https://westeurope.stt.speech.microsoft.com/speech/recognition/conversation/cognitiveservices/v1?language=en-US&format=detailed" \
            --header "Authorization: Bearer {token}" \
            --header "Transfer-Encoding: chunked" \
            --header "Expect: 100-continue" \
            --header "Content-type: audio/wav; codecs=audio/pcm; samplerate=16000" \
            --data-binary "@speech.wav"
            """
        );

        Assert.Equal((200, 200), (made, recognized));
        Assert.Equal(
            "RIFF"u8.ToArray(),
            (await File.ReadAllBytesAsync(_shell.PathOf("speech.wav"), TestContext.Current.CancellationToken))[..4]
        );
        Assert.Equal("Success", (string?)JsonNode.Parse(body)!["RecognitionStatus"]);
        Assert.Equal("chunked", Emulator.Ledger.DataRequests[1].Headers["Transfer-Encoding"]);
    }

    public override async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        await base.DisposeAsync();
    }

    private async Task<(int Status, string Body)> CurlAsync(string command)
    {
        Assert.SkipUnless(Shell.Has("curl"), "curl is not installed");

        foreach (var vendor in s_vendors)
            command = command.Replace(vendor, Emulator.BaseAddress.Authority, StringComparison.Ordinal);
        command = command.Replace("https://", "http://", StringComparison.Ordinal);
        var (exitCode, output, error) = await _shell.RunAsync(
            command.TrimEnd() + " --silent --show-error --max-time 30 --output body --write-out '%{http_code}'"
        );

        Assert.True(exitCode == 0, error);
        return (int.Parse(output[^3..], CultureInfo.InvariantCulture), Encoding.UTF8.GetString(await BodyAsync()));
    }

    private async Task<byte[]> BodyAsync() =>
        await File.ReadAllBytesAsync(_shell.PathOf("body"), TestContext.Current.CancellationToken);
}
