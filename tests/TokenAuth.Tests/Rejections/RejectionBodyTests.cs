using System.Net;
using System.Text;
using System.Text.Json;

namespace TokenAuth.Tests.Rejections;

public sealed class RejectionBodyTests
{
    private const string Refused = """{"no":[1,2,{"a":"b"}],"yes":true,"more":"text"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("Application/JSON ;charset=utf-8", true)]
    [InlineData("text/json", true)]
    [InlineData("application/problem+json", true)]
    [InlineData("application/jsonl", false)]
    [InlineData("json", false)]
    [InlineData("text/html", false)]
    [InlineData("text/plain", false)]
    [InlineData("audio/mpeg", false)]
    [InlineData(null, false)]
    public async Task Only_a_JSON_body_is_looked_at(string? mediaType, bool looked)
    {
        var stream = new ScriptedStream(Refused);
        var response = Response(stream, mediaType);

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.Equal(looked, matches);
        Assert.Equal(looked, stream.BytesRead > 0);
    }

    [Theory]
    [InlineData(RejectionBody.MaxLength - 1, true)]
    [InlineData(RejectionBody.MaxLength, true)]
    [InlineData(RejectionBody.MaxLength + 1, false)]
    public async Task A_body_announced_as_longer_than_8_KiB_is_left_alone(int length, bool looked)
    {
        var body = Refused + new string(' ', length - Refused.Length);
        var stream = new ScriptedStream(body);
        var response = Response(stream);
        response.Content.Headers.ContentLength = length;

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.Equal(looked, matches);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_body_of_unknown_length_is_read_to_8_KiB_at_most(int beyond, bool found)
    {
        const string sign = """{"yes":true""";
        var body =
            new string(' ', RejectionBody.MaxLength - sign.Length + beyond) + sign + "}" + new string(' ', 100_000);
        var stream = new ScriptedStream(body);
        var response = Response(stream);

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.Equal(found, matches);
        Assert.InRange(stream.BytesRead, 1, RejectionBody.MaxLength);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_body_in_pieces_is_understood_and_comes_back_whole(int size)
    {
        var bytes = Encoding.UTF8.GetBytes(Refused);
        var response = Response(new ScriptedStream(bytes.Chunk(size)));

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.True(matches);
        Assert.Equal(Refused, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public static TheoryData<byte[], bool> Decided { get; } =
        new()
        {
            { Encoding.UTF8.GetBytes("""{"yes":true,"rest":"""), true },
            { Encoding.UTF8.GetBytes("""{"no":[1]}"""), false },
            { Encoding.UTF8.GetBytes("[]"), false },
            { Encoding.UTF8.GetBytes("null "), false },
            { [0xEF, 0x41, 0x41], false }, // no byte order mark
            { Encoding.UTF8.GetBytes(new string(' ', RejectionBody.MaxLength)), false },
        };

    [Theory]
    [MemberData(nameof(Decided))]
    public async Task Once_decided_a_body_that_stalls_is_not_awaited(byte[] arrived, bool refused)
    {
        var stall = new TaskCompletionSource<int>();
        var stream = new ScriptedStream([arrived], _ => stall.Task);

        var looking = RejectionBody.MatchesAsync<YesRule>(Response(stream), Cancellation);

        Assert.True(looking.IsCompleted);
        Assert.Equal(refused, await looking);
    }

    [Theory]
    [InlineData(1024, 1024)]
    [InlineData(1025, 2048)]
    [InlineData(2049, 4096)]
    [InlineData(4097, 8192)]
    public async Task A_body_is_read_little_further_than_it_takes(int length, int read)
    {
        const string sign = """{"yes":true""";
        var stream = new ScriptedStream(new string(' ', length - sign.Length) + sign + new string(' ', 10_000));

        Assert.True(await RejectionBody.MatchesAsync<YesRule>(Response(stream), Cancellation));

        Assert.Equal(read, stream.BytesRead);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"yes":tru""")]
    [InlineData("<html>yes</html>")]
    [InlineData("\u001f\u008b")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task What_is_no_JSON_or_does_not_say_is_no_refusal(string body)
    {
        var response = Response(new ScriptedStream(body));

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.False(matches);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Nesting_without_end_is_no_refusal()
    {
        var body = new string('[', 100_000);
        var response = Response(new ScriptedStream(body));

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.False(matches);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task A_byte_order_mark_does_not_hide_a_refusal(int size)
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Refused)];
        var response = Response(new ScriptedStream(bytes.Chunk(size)));

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.True(matches);
        Assert.Equal(Refused, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_body_that_breaks_off_breaks_off_for_the_caller()
    {
        var failures = new Queue<Exception>([new IOException("reset")]); // said once, as many streams do
        var stream = new ScriptedStream(
            [Encoding.UTF8.GetBytes("""{"no":1,""")],
            _ => failures.TryDequeue(out var failure) ? Task.FromException<int>(failure) : Task.FromResult(0)
        );
        var response = Response(stream);

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.False(matches);
        var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[100];
        Assert.Equal(8, await body.ReadAsync(buffer, Cancellation));
        var failure = await Assert.ThrowsAsync<IOException>(() => body.ReadAsync(buffer, Cancellation).AsTask());
        Assert.Equal("reset", failure.Message);
    }

    [Fact]
    public async Task A_caller_who_gives_up_stops_the_look()
    {
        using var gaveUp = new CancellationTokenSource();
        var stream = new ScriptedStream(
            [Encoding.UTF8.GetBytes("{")],
            async token =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return 0;
            }
        );

        var looking = RejectionBody.MatchesAsync<YesRule>(Response(stream), gaveUp.Token).AsTask();
        await gaveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
    }

    [Fact]
    public async Task Headers_and_disposal_survive_the_look()
    {
        var stream = new ScriptedStream(Refused);
        var response = Response(stream, "application/json; charset=utf-8");
        response.Content.Headers.ContentLength = Refused.Length;
        response.Content.Headers.TryAddWithoutValidation("Content-Language", "ru");
        response.Content.Headers.TryAddWithoutValidation("Expires", "-1");
        var before = response.Content.Headers.ToString();

        await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.Equal(before, response.Content.Headers.ToString());
        Assert.False(stream.IsDisposed);
        response.Dispose();
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task A_buffered_body_stays_the_object_it_was()
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(Refused, Encoding.UTF8, "application/json"),
        };
        var content = response.Content;

        var matches = await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);

        Assert.True(matches);
        Assert.Same(content, response.Content);
        Assert.Equal(Refused, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_stream_that_can_seek_goes_on_from_where_it_was()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("xxx" + Refused)) { Position = 3 };
        var response = Response(stream);

        Assert.True(await RejectionBody.MatchesAsync<YesRule>(response, Cancellation));

        Assert.Equal(3, stream.Position);
        Assert.Equal(Refused, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_rest_can_be_read_synchronously_and_asynchronously(bool synchronously)
    {
        var response = Response(new ScriptedStream("""{"yes":true,""", "\"more\":1}"));
        await RejectionBody.MatchesAsync<YesRule>(response, Cancellation);
        var copy = new MemoryStream();

        var body = await response.Content.ReadAsStreamAsync(Cancellation);
        if (synchronously)
            CopySynchronously(body, copy);
        else
            await body.CopyToAsync(copy, 5, Cancellation);

        Assert.Equal("""{"yes":true,"more":1}""", Encoding.UTF8.GetString(copy.ToArray()));
    }

    private static HttpResponseMessage Response(Stream body, string? mediaType = "application/json")
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
        if (mediaType is not null)
            response.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        return response;
    }

    private static void CopySynchronously(Stream from, Stream to) => from.CopyTo(to, 5);

    private sealed class YesRule : IRejectionRule
    {
        public bool? Decide(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.True ? true : null;
    }
}
