using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

public sealed class VkVoiceTests : EmulatorFixture
{
    private const string Wave = "audio/wave";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Wave)]
    [InlineData("audio/ogg; codecs=opus")]
    [InlineData("audio/ogg;codecs=\"opus\"")]
    public async Task A_file_becomes_text(string contentType)
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (status, body) = await PostAsync("asr", token, new byte[12_345], contentType);

        Assert.Equal(200, status);
        Assert.Matches("^[0-9a-f]{32}$", (string?)body["qid"]);
        var text = Assert.Single(body["result"]!["texts"]!.AsArray())!;
        Assert.Equal("emulated speech of 12345 bytes", (string?)text["text"]);
        Assert.Equal("Emulated speech of 12345 bytes.", (string?)text["punctuated_text"]);
        Assert.Equal("1.0", text["confidence"]!.ToJsonString());
        Assert.Equal(12_345, Emulator.Ledger.Endpoints[TokenServiceEndpoint.VkVoice].BytesReceived);
    }

    [Theory]
    [InlineData("audio/ogg", 10, 4033)]
    [InlineData("audio/mpeg", 10, 4033)]
    [InlineData(null, 10, 4033)]
    [InlineData(Wave, 0, 4034)]
    [InlineData(Wave, 20 * 1024 * 1024 + 1, 4009)]
    public async Task A_file_that_is_not_taken_has_a_code(string? contentType, int length, int code)
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (status, body) = await PostAsync("asr", token, new byte[length], contentType);

        Assert.Equal(400, status);
        Assert.Equal(code, (int?)body["error"]!["code"]);
        Assert.Equal(0, Emulator.Ledger.DataCallsRejected);
    }

    [Fact]
    public async Task A_file_of_20_MB_is_taken()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (status, _) = await PostAsync("asr", token, new byte[20 * 1024 * 1024], Wave);

        Assert.Equal(200, status);
    }

    [Theory]
    [InlineData(-1, 200)]
    [InlineData(0, 400)]
    [InlineData(1, 400)]
    public async Task A_token_ends_with_its_hour(int ticksFromEnd, int status)
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(ticksFromEnd));

        var (actual, body) = await PostAsync("asr", token, [1], Wave);
        Assert.Equal(status, actual);
        Assert.Equal(status == 400 ? 4048 : null, (int?)body["error"]?["code"]);
        Assert.Equal(TimeSpan.FromHours(1) + TimeSpan.FromTicks(ticksFromEnd), Emulator.Ledger.OldestTokenAge);
    }

    [Fact]
    public async Task A_token_that_is_not_good_is_400_with_4048()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);
        var vision = await Client.AccessTokenAsync(VkCloudClient.Vision);
        Emulator.VkCloud.RevokeAccessToken(token);

        Assert.Equal(4048, await CodeAsync(null));
        Assert.Equal(4048, await CodeAsync("unknown"));
        Assert.Equal(4048, await CodeAsync(vision));
        Assert.Equal(4048, await CodeAsync(token));
        Assert.Equal(4, Emulator.Ledger.DataCalls);
        Assert.Equal(4, Emulator.Ledger.DataCallsRejected);
    }

    [Fact]
    public async Task An_inactive_project_is_400_with_4049()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        Emulator.VkCloud.IsActive = false;

        Assert.Equal(4049, await CodeAsync(token));
    }

    [Fact]
    public async Task A_service_token_is_always_good()
    {
        Clock.Advance(TimeSpan.FromDays(1_000));

        Assert.Null(await CodeAsync(Assert.Single(Emulator.Options.VkCloud.ServiceTokens)));
    }

    [Fact]
    public async Task The_next_requests_are_rejected_on_demand()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);
        Emulator.Faults.RejectNext(TokenServiceEndpoint.VkVoice, 2);

        Assert.Equal(4048, await CodeAsync(token));
        Assert.Equal(4048, await CodeAsync(token));
        Assert.Null(await CodeAsync(token));
    }

    [Theory]
    [InlineData(VkVoiceErrorShape.CodeInError, """{"qid":"QID","error":{"code":4048,"message":"Invalid token"}}""")]
    [InlineData(VkVoiceErrorShape.Code, """{"code":4048,"message":"Invalid token"}""")]
    [InlineData(VkVoiceErrorShape.ErrorCode, """{"qid":"QID","error_code":4048,"error_message":"Invalid token"}""")]
    [InlineData(VkVoiceErrorShape.StatusAndBody, """{"status":4048,"body":"Invalid token"}""")]
    public async Task An_error_is_worded_as_told(VkVoiceErrorShape shape, string expected)
    {
        Emulator.Options.VkCloud.VoiceErrorShape = shape;

        var (_, body) = await PostAsync("asr", "unknown", [1], Wave);

        if (body.ContainsKey("qid"))
            body["qid"] = "QID";
        Assert.Equal(expected, body.ToJsonString());
    }

    [Theory]
    [InlineData("?text=hello", "audio/wave", "RIFF")]
    [InlineData("?text=hello&encoder=pcm&model_name=pavel&tempo=1.75", "audio/wave", "RIFF")]
    [InlineData("?text=hello&encoder=mp3", "audio/mpeg", "\u00FF\u00FB")]
    [InlineData("?text=hello&encoder=opus&tempo=0.75", "audio/ogg; codecs=opus", "OggS")]
    public async Task Text_becomes_audio(string query, string contentType, string start)
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        using var got = await SendAsync(HttpMethod.Get, "tts" + query, token, null, null);
        using var posted = await SendAsync(
            HttpMethod.Post,
            "tts" + query,
            token,
            Encoding.UTF8.GetBytes("привет"),
            "text/plain"
        );

        foreach (var response in new[] { got, posted })
        {
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal(contentType, response.Content.Headers.ContentType!.ToString());
            var audio = await response.Content.ReadAsByteArrayAsync(Stop);
            Assert.Equal(start, Encoding.Latin1.GetString(audio, 0, start.Length));
        }
    }

    [Theory]
    [InlineData("?encoder=flac", "hello", 4000)]
    [InlineData("?model_name=nobody", "hello", 4000)]
    [InlineData("?tempo=1.76", "hello", 4000)]
    [InlineData("?tempo=0.74", "hello", 4000)]
    [InlineData("?tempo=fast", "hello", 4000)]
    [InlineData("", "", 4051)]
    public async Task Speech_that_cannot_be_made_has_a_code(string query, string text, int code)
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (status, body) = await PostAsync("tts" + query, token, Encoding.UTF8.GetBytes(text), "text/plain");

        Assert.Equal(400, status);
        Assert.Equal(code, (int?)body["error"]!["code"]);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_has_a_code()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (_, body) = await PostAsync("tts", token, [0xC3, 0x28], "text/plain");

        Assert.Equal(4051, (int?)body["error"]!["code"]);
    }

    [Fact]
    public async Task A_stream_is_spoken_to_with_its_task_token()
    {
        var access = await Client.AccessTokenAsync(VkCloudClient.Voice);
        var (_, created) = await PostAsync("asr_stream/create_task", access, [], null);
        var (id, token) = Task(created);

        var (firstStatus, first) = await PostAsync(Chunk(id, 1), token, new byte[100], Wave);
        var (_, unfinished) = await GetAsync($"asr_stream/get_result?task_id={id}", token);
        var (lastStatus, _) = await PostAsync(Chunk(id, 2) + "&last=1", token, new byte[32_100], Wave);
        var (_, finished) = await GetAsync($"asr_stream/get_result?task_id={id}", token);

        Assert.Equal((200, 200), (firstStatus, lastStatus));
        Assert.Equal("emulated", (string?)first["result"]!["text"]);
        Assert.Equal("in_progress", (string?)unfinished["result"]!["status"]);
        Assert.Equal("emulated emulated", (string?)finished["result"]!["text"]);
        Assert.Equal("Emulated emulated.", (string?)finished["result"]!["punctuated_text"]);
        Assert.Equal("done", (string?)finished["result"]!["status"]);
    }

    [Fact]
    public async Task A_stream_takes_no_other_token()
    {
        var access = await Client.AccessTokenAsync(VkCloudClient.Voice);
        var (id, token) = Task((await PostAsync("asr_stream/create_task", access, [], null)).Body);
        var (_, other) = Task((await PostAsync("asr_stream/create_task", access, [], null)).Body);

        Assert.Equal(4048, Code((await PostAsync(Chunk(id, 1), access, [1], Wave)).Body));
        Assert.Equal(4048, Code((await PostAsync(Chunk(id, 1), other, [1], Wave)).Body));
        Assert.Equal(4048, Code((await GetAsync($"asr_stream/get_result?task_id={id}", access)).Body));
        Assert.Equal(4048, Code((await PostAsync("asr_stream/create_task", token, [], null)).Body));
        Assert.Equal(200, (await PostAsync(Chunk(id, 1), token, [1], Wave)).Status);
    }

    [Theory]
    [InlineData(1, 100, Wave, 5, null)]
    [InlineData(1, 100, Wave, 6, 4000)] // too late
    [InlineData(2, 100, Wave, 0, 4000)] // not the next
    [InlineData(0, 100, Wave, 0, 4000)]
    [InlineData(1, 32_101, Wave, 0, 4009)]
    [InlineData(1, 0, Wave, 0, 4034)]
    [InlineData(1, 100, "text/plain", 0, 4033)]
    public async Task A_chunk_comes_in_time_and_in_order(int number, int length, string type, int seconds, int? code)
    {
        var access = await Client.AccessTokenAsync(VkCloudClient.Voice);
        var (id, token) = Task((await PostAsync("asr_stream/create_task", access, [], null)).Body);
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        var (_, body) = await PostAsync(Chunk(id, number), token, new byte[length], type);

        Assert.Equal(code, Code(body));
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 4048)]
    public async Task A_task_is_forgotten_a_day_after_its_end(int ticksFromEnd, int? code)
    {
        var access = await Client.AccessTokenAsync(VkCloudClient.Voice);
        var (id, token) = Task((await PostAsync("asr_stream/create_task", access, [], null)).Body);
        await PostAsync(Chunk(id, 1), token, [1], Wave);

        Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(5) + TimeSpan.FromTicks(ticksFromEnd));
        await PostAsync("asr_stream/create_task", await Client.AccessTokenAsync(VkCloudClient.Voice), [], null);

        Assert.Equal(code, Code((await GetAsync($"asr_stream/get_result?task_id={id}", token)).Body));
    }

    private static string Chunk(string id, int number) => $"asr_stream/add_chunk?task_id={id}&chunk_num={number}";

    private static (string Id, string Token) Task(JsonObject created) =>
        ((string)created["result"]!["task_id"]!, (string)created["result"]!["task_token"]!);

    private static int? Code(JsonObject body) => (int?)body["error"]?["code"];

    private async Task<int?> CodeAsync(string? token) => Code((await PostAsync("asr", token, [1], Wave)).Body);

    private async Task<(int Status, JsonObject Body)> PostAsync(string path, string? token, byte[] body, string? type)
    {
        using var response = await SendAsync(HttpMethod.Post, path, token, body, type);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!.AsObject());
    }

    private async Task<(int Status, JsonObject Body)> GetAsync(string path, string token)
    {
        using var response = await SendAsync(HttpMethod.Get, path, token, null, null);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!.AsObject());
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? token,
        byte[]? body,
        string? type
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(Emulator.VoiceAddress, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }

        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await Client.Http.SendAsync(request, Stop);
    }
}
