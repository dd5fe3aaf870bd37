using System.Net;
using System.Text;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Providers.VkCloud;

public sealed class VkCloudRejectionTests
{
    [Theory]
    [Trait("Failure", "23")]
    [InlineData(401, "", true)]
    [InlineData(401, """{"status":401,"body":"authorization failed"}""", true)]
    [InlineData(400, """{"code":4048}""", true)]
    [InlineData(400, """{"code":"4048"}""", true)]
    [InlineData(400, """{"error":{"error_code":4048,"message":"invalid token"}}""", true)]
    [InlineData(400, """{"status":4048,"error":"invalid token"}""", true)]
    [InlineData(400, """{"error":4048}""", true)]
    [InlineData(400, """{"errors":[{"id":1,"errorCode":4048}]}""", true)]
    [InlineData(400, """{"a":{"b":{"c":{"code":4048}}}}""", true)]
    [InlineData(400, """{"a":{"b":{"c":{"d":{"code":4048}}}}}""", false)]
    [InlineData(400, """{"code":4049}""", false)]
    [InlineData(400, """{"code":40480}""", false)]
    [InlineData(400, """{"code":"x4048"}""", false)]
    [InlineData(400, """{"offset":4048}""", false)]
    [InlineData(400, """{"code":{"offset":4048}}""", false)]
    [InlineData(400, """{"offset":[{},4048]}""", false)]
    [InlineData(400, """{"status":401}""", false)]
    [InlineData(200, """{"code":4048}""", false)]
    [InlineData(403, """{"code":4048}""", false)]
    [InlineData(500, """{"code":4048}""", false)]
    [InlineData(200, """{"status":401,"body":"authorization failed"}""", true)]
    [InlineData(200, """{"body":"authorization failed","htmlencoded":false,"status":401}""", false)] // its first member decides
    [InlineData(200, """{"status":"401"}""", true)]
    [InlineData(200, """{"status":200,"body":{"status":401}}""", false)]
    [InlineData(200, """{"body":{"status":401},"status":200}""", false)]
    [InlineData(200, """{"status":200,"status":401}""", false)]
    [InlineData(200, """{"status":403,"body":"forbidden"}""", false)]
    [InlineData(200, """{"status":{"code":401}}""", false)]
    [InlineData(200, """[{"status":401}]""", false)]
    [InlineData(403, """{"status":401}""", false)]
    [InlineData(400, """{"error":"\ud83d oops","code":4048}""", true)] // half a surrogate pair: JSON, and no text
    [InlineData(200, """{"\ud800":1,"status":401}""", false)]
    [InlineData(200, """{"stat\u0075s":401}""", true)]
    [InlineData(200, """{"status":"\ud800","body":401}""", false)]
    public async Task A_refusal_is_what_VK_says_it_is(int status, string body, bool rejected)
    {
        using var response = ToVision((HttpStatusCode)status);
        response.Content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await VkCloudRejection.IsRejectedAsync(response, TestContext.Current.CancellationToken);

        Assert.Equal(rejected, answer);
    }

    [Theory]
    [Trait("Failure", "23")]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task A_very_long_name_is_not_that_of_a_code(int length, bool rejected)
    {
        var response = new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = new StringContent(
                $$"""{"{{"code".PadRight(length, '_')}}":4048}""",
                Encoding.UTF8,
                "application/json"
            ),
        };

        var answer = await VkCloudRejection.IsRejectedAsync(response, TestContext.Current.CancellationToken);

        Assert.Equal(rejected, answer);
    }

    [Theory]
    [InlineData("""{"status":200,"body":{"objects":[""")]
    [InlineData("""[{"objects":[""")] // no envelope
    [InlineData("""{"body":""")] // its first member decides
    [Trait("Failure", "57")]
    public async Task A_long_result_is_read_no_further_than_to_its_status(string begin)
    {
        var stall = new TaskCompletionSource<int>();
        var stream = new ScriptedStream([Encoding.UTF8.GetBytes(begin)], _ => stall.Task);
        using var response = ToVision(HttpStatusCode.OK);
        response.Content = new StreamContent(stream);
        response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        var looking = VkCloudRejection.IsRejectedAsync(response, TestContext.Current.CancellationToken);

        Assert.True(looking.IsCompleted);
        Assert.False(await looking);
    }

    [Theory]
    [Trait("Failure", "57")]
    [InlineData(null)]
    [InlineData("https://voice.mcs.mail.ru/asr")]
    [InlineData("https://voice.mcs.mail.ru/asr?my_oauth_token=1")]
    [InlineData("https://voice.mcs.mail.ru/asr#?oauth_token=1")]
    public async Task No_head_waits_for_the_body_of_a_request_without_a_token_in_its_query(string? uri)
    {
        var stream = new ScriptedStream([], _ => new TaskCompletionSource<int>().Task);
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        response.RequestMessage = uri is null ? null : new(HttpMethod.Get, uri);

        var looking = VkCloudRejection.IsRejectedAsync(response, TestContext.Current.CancellationToken);

        Assert.True(looking.IsCompletedSuccessfully);
        Assert.False(await looking);
        Assert.Equal(0, stream.BytesRead);
    }

    [Theory]
    [InlineData(200, "image/png")]
    [InlineData(404, "application/json")]
    [InlineData(401, "application/json")]
    public async Task A_response_that_needs_no_look_costs_nothing(int status, string mediaType)
    {
        using var response = ToVision((HttpStatusCode)status);
        response.Content = new ByteArrayContent([1]);
        response.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        await VkCloudRejection.IsRejectedAsync(response, CancellationToken.None);
        var completed = true;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            completed &= IsCompleted(VkCloudRejection.IsRejectedAsync(response, CancellationToken.None));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(completed);
        Assert.Equal(0, allocated);
    }

    private static HttpResponseMessage ToVision(HttpStatusCode status) =>
        new(status)
        {
            RequestMessage = new(
                HttpMethod.Post,
                "https://smarty.mail.ru/api/v1/objects/detect?oauth_provider=mcs&oauth_token=t1"
            ),
        };

    private static bool IsCompleted(ValueTask<bool> answer) => answer.IsCompletedSuccessfully;
}
