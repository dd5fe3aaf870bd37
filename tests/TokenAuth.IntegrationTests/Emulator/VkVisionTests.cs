using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

public sealed class VkVisionTests : EmulatorFixture
{
    private const string Detect = """{"mode":["object","scene"],"images":[{"name":"file_0"},{"name":"file_1"}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_are_found_in_every_image()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);

        var (status, body) = await PostAsync("objects/detect", Query(token), Detect, "file_0", "file_1");

        Assert.Equal(200, status);
        Assert.Equal(["status", "body", "htmlencoded", "last_modified"], body.Select(member => member.Key));
        Assert.Equal("""{"status":200,"htmlencoded":false,"last_modified":0}""", Without(body, "body"));
        Assert.Equal(["object_labels", "scene_labels"], body["body"]!.AsObject().Select(member => member.Key));
        Assert.Equal(
            ["file_0", "file_1"],
            body["body"]!["object_labels"]!.AsArray().Select(image => (string?)image!["name"])
        );
        Assert.Equal(6, Emulator.Ledger.Endpoints[TokenServiceEndpoint.VkVision].BytesReceived);
    }

    [Theory]
    [InlineData("docs/recognize")]
    [InlineData("text/recognize")]
    [InlineData("persons/recognize")]
    [InlineData("docs/detect")]
    [InlineData("adult/detect")]
    public async Task The_other_methods_answer_in_the_same_envelope(string method)
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);

        var (status, body) = await PostAsync(method, Query(token), """{"images":[{"name":"file"}]}""", "file");

        Assert.Equal(200, status);
        Assert.Equal(
            """{"status":200,"body":{"objects":[{"status":0,"name":"file"}]},"htmlencoded":false,"last_modified":0}""",
            body.ToJsonString()
        );
    }

    [Fact]
    public async Task Photos_are_improved_by_mode()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);

        var (_, body) = await PostAsync(
            "photo/improve",
            Query(token),
            """{"images":[{"name":"file_0"}],"mode":["resolution","improve"],"rfactor":4,"ftype":"art"}""",
            "file_0"
        );

        Assert.Equal(
            """{"resolution":[{"status":0,"name":"file_0"}],"improve":[{"status":0,"name":"file_0"}]}""",
            body["body"]!.ToJsonString()
        );
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, 200)]
    [InlineData(HttpStatusCode.Unauthorized, 401)]
    public async Task A_dead_token_is_echoed_to_its_24th_character(HttpStatusCode rule, int status)
    {
        Emulator.Options.VkCloud.VisionUnauthorizedStatusCode = rule;
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);
        Clock.Advance(TimeSpan.FromHours(1));

        var (actual, body) = await PostAsync("objects/detect", Query(token), Detect, "file_0", "file_1");

        Assert.Equal(status, actual);
        Assert.Equal(
            $$"""{"status":401,"body":"authorization failed, provider: mcs, token: {{token[..24]}}(...), reason: CONDITION/UNAUTHORIZED, Access Token invalid","htmlencoded":false,"last_modified":0}""",
            body.ToJsonString()
        );
        Assert.Equal(1, Emulator.Ledger.DataCallsRejected);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, 200)]
    [InlineData(HttpStatusCode.Unauthorized, 403)]
    public async Task A_token_without_the_scope_is_403(HttpStatusCode rule, int status)
    {
        Emulator.Options.VkCloud.VisionUnauthorizedStatusCode = rule;
        var token = await Client.AccessTokenAsync(VkCloudClient.Voice);

        var (actual, body) = await PostAsync("objects/detect", Query(token), Detect, "file_0", "file_1");

        Assert.Equal(status, actual);
        Assert.Equal(403, (int?)body["status"]);
        Assert.Contains("scope required: objects", (string?)body["body"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oauth_token=TOKEN")]
    [InlineData("oauth_provider=mcs")]
    [InlineData("oauth_provider=mcs&oauth_token=")]
    [InlineData("oauth_provider=yandex&oauth_token=TOKEN")]
    [InlineData("oauth_provider=mcs&oauth_token=TOKEN&oauth_token=TOKEN")]
    [InlineData("oauth_provider=mcs&oauth_provider=mcs&oauth_token=TOKEN")]
    public async Task Provider_and_token_are_required_once(string query)
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);

        var (_, body) = await PostAsync(
            "objects/detect",
            query.Replace("TOKEN", token, StringComparison.Ordinal),
            Detect,
            "file_0",
            "file_1"
        );

        Assert.Equal(400, (int?)body["status"]);
    }

    [Fact]
    public async Task The_order_and_the_provider_mr_do_not_matter()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);

        var (_, body) = await PostAsync(
            "objects/detect",
            $"x=1&oauth_token={token}&oauth_provider=mr",
            Detect,
            "file_0",
            "file_1"
        );

        Assert.Equal(200, (int?)body["status"]);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"mode":["object"]}""")]
    [InlineData("""{"mode":["object"],"images":[]}""")]
    [InlineData("""{"mode":["object"],"images":[{"name":"file_1"}]}""")]
    [InlineData("""{"mode":["object"],"images":[{"name":1}]}""")]
    [InlineData("""{"mode":["object"],"images":["file_0"]}""")]
    [InlineData("""{"mode":[],"images":[{"name":"file_0"}]}""")]
    [InlineData("""{"mode":["everything"],"images":[{"name":"file_0"}]}""")]
    [InlineData("""{"images":[{"name":"file_0"}]}""")]
    public async Task A_meta_part_that_does_not_fit_is_400(string meta)
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);

        var (_, body) = await PostAsync("objects/detect", Query(token), meta, "file_0");

        Assert.Equal(400, (int?)body["status"]);
        Assert.StartsWith("bad request: ", (string?)body["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_multipart_is_400()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);

        using var response = await Client.Http.PostAsync(
            new Uri(Emulator.VisionAddress, "objects/detect?" + Query(token)),
            new StringContent("{}", null, "application/json"),
            Stop
        );

        Assert.Equal(400, (int?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["status"]);
    }

    [Fact]
    public async Task The_next_requests_are_rejected_on_demand()
    {
        var token = await Client.AccessTokenAsync(VkCloudClient.Vision);
        Emulator.Faults.RejectNext(TokenServiceEndpoint.VkVision);

        var (_, first) = await PostAsync("objects/detect", Query(token), Detect, "file_0", "file_1");
        var (_, second) = await PostAsync("objects/detect", Query(token), Detect, "file_0", "file_1");

        Assert.Equal((401, 200), ((int?)first["status"], (int?)second["status"]));
    }

    private static string Query(string token) => "oauth_provider=mcs&oauth_token=" + Uri.EscapeDataString(token);

    private static string Without(JsonObject body, string member)
    {
        var copy = body.DeepClone().AsObject();
        copy.Remove(member);
        return copy.ToJsonString();
    }

    private async Task<(int Status, JsonObject Body)> PostAsync(
        string method,
        string query,
        string meta,
        params string[] images
    )
    {
        using var form = new MultipartFormDataContent();
        foreach (var image in images)
        {
            var part = new ByteArrayContent([1, 2, 3]);
            part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            form.Add(part, image, image + ".png");
        }

        form.Add(new StringContent(meta, null, "application/json"), "meta");
        using var response = await Client.Http.PostAsync(
            new Uri(Emulator.VisionAddress, $"{method}?{query}"),
            form,
            Stop
        );
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!.AsObject());
    }
}
