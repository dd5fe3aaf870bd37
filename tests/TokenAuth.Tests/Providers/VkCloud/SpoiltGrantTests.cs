using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.VkCloud;

[Trait("Failure", "63")]
public sealed class SpoiltGrantTests : IDisposable
{
    private const string Good =
        """{"access_token":"access-9","refresh_token":"refresh-9","expired_in":"3600","scope":{"tts":1}}""";

    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedEndpoint _endpoint;
    private readonly RecordedLogs _logs = new();
    private readonly VkCloudTokenProvider _provider;

    public SpoiltGrantTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _provider = new VkCloudTokenProvider(
            new VkCloudOptions
            {
                ClientId = "mcs1.voice.2",
                ClientSecret = "the-client's-secret",
                ProviderName = "vk",
            },
            _endpoint.Client,
            _time,
            store: null,
            _logs
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<string> Grants => Enumerable.Range(1, _endpoint.Requests.Count).Select(GrantOf);

    public void Dispose()
    {
        _provider.Dispose();
        _endpoint.Dispose();
    }

    public static TheoryData<string> SpoiltBesideAGoodRefreshToken =>
        [
            """{"access_token":"a\n","refresh_token":"refresh-1","expired_in":"3600"}""",
            """{"access_token":"a b","refresh_token":"refresh-1","expired_in":"3600"}""",
            """{"access_token":"a","refresh_token":"refresh-1","expires_in":1,"expires_in":2}""",
            """{"access_token":"a","refresh_token":"refresh-1","expired_in":"1","expired_in":"2"}""",
            """{"access_token":"a","access_token":"b","refresh_token":"refresh-1"}""",
            """{"access_token":"a","refresh_token":"refresh-1","scope":1,"scope":2}""",
            """{"refresh_token":"refresh-1","expired_in":"3600"}""",
            """{"access_token":42,"refresh_token":"refresh-1"}""",
            """{"access_token":null,"refresh_token":"refresh-1"}""",
            """{"access_token":"\ud800","refresh_token":"refresh-1"}""",
            $$"""{"access_token":"{{new string('a', 16_385)}}","refresh_token":"refresh-1"}""",
        ];

    [Theory]
    [MemberData(nameof(SpoiltBesideAGoodRefreshToken))]
    public async Task A_good_refresh_token_beside_a_bad_access_token_is_the_next_attempt(string spoilt)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(spoilt), () => ScriptedEndpoint.Json(Good));

        var token = await GetAsync();

        Assert.Equal("access-9", token.Value);
        Assert.Equal(["client_credentials", "refresh_token"], Grants);
        Assert.Contains("refresh-1", _endpoint.Requests[1].Body);
    }

    [Theory]
    [MemberData(nameof(SpoiltBesideAGoodRefreshToken))]
    public async Task An_hour_of_them_costs_one_client_credentials(string spoilt)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json(spoilt));

        await LiveForAnHourAsync();

        Assert.Single(Grants, grant => grant == "client_credentials");
    }

    [Theory]
    [MemberData(nameof(SpoiltBesideAGoodRefreshToken))]
    public async Task An_hour_of_them_whose_refresh_tokens_are_refused_costs_six(string spoilt)
    {
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                GrantOf(n) == "refresh_token"
                    ? ScriptedEndpoint.Reply(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""")
                    : ScriptedEndpoint.Json(spoilt)
            );

        await LiveForAnHourAsync();

        Assert.Equal(6, Grants.Count(grant => grant == "client_credentials"));
    }

    [Fact]
    public async Task A_rotated_refresh_token_beside_a_bad_access_token_goes_before_the_old_one()
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Json(Good),
            () => ScriptedEndpoint.Json("""{"access_token":"a\n","refresh_token":"refresh-10"}"""),
            () => ScriptedEndpoint.Json("""{"access_token":"access-11","refresh_token":"refresh-10"}""")
        );
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        var token = await GetAsync();

        Assert.Equal("access-11", token.Value);
        Assert.Contains("refresh-10", _endpoint.Requests[2].Body);
        Assert.Equal(["client_credentials", "refresh_token", "refresh_token"], Grants);
    }

    [Theory]
    [InlineData(
        "\"refresh_token\":\"a\\nb\"",
        "answered with a refresh token that has the character U+000A at position 1; only U+0021 to U+007E are allowed"
    )]
    [InlineData("\"refresh_token\":\"\"", "answered without a refresh token")]
    [InlineData("\"refresh_token\":42", "answered without a refresh token")]
    [InlineData("\"x\":1", "answered without a refresh token")]
    public async Task A_bad_refresh_token_spoils_no_good_access_token(string member, string fault)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json($$"""{"access_token":"access-1",{{member}}}"""));

        var token = await GetAsync();

        Assert.Equal("access-1", token.Value);
        Assert.Contains(
            $"Warning 13: VK Cloud's token endpoint {fault} for provider 'vk'. The access token is used; the next one may cost another of the project's 25 refresh "
                + "tokens.",
            _logs.Lines
        );
    }

    [Theory]
    [InlineData("windows-1251")]
    [InlineData("utf-16")]
    [InlineData("nonsense")]
    public async Task A_grant_in_UTF_8_under_another_charsets_name_is_not_spent(string charset)
    {
        _endpoint.Answers(() => Typed($"application/json; charset={charset}", Encoding.UTF8.GetBytes(Good)));

        Assert.Equal("access-9", (await GetAsync()).Value);
        Assert.Single(_endpoint.Requests);
    }

    public static TheoryData<string> WithoutAUsableRefreshToken =>
        [
            "",
            "<html>It works!</html>",
            "null",
            "[]",
            "{}",
            """{"access_token":"a\n"}""",
            """{"access_token":"a","refresh_token":"b","refresh_token":"c"}""",
            """{"access_token":"a b","refresh_token":"c d"}""",
            """{"access_token":"a","expired_in":"1"}""",
            """{"access_token":"a","refresh_token":"b\n","expired_in":1}""",
            """{"error":"invalid_client"}""",
            """{"error":"server_error"}""",
            """{"status":401,"body":"no"}""",
            "64 KiB",
            "no content",
            "not UTF-8",
            "not gzip",
            "silence",
            "broken",
            "an exception of its own",
            "slow silence",
        ];

    [Theory]
    [MemberData(nameof(WithoutAUsableRefreshToken))]
    public async Task An_hour_without_a_usable_refresh_token_costs_six_client_credentials(string said)
    {
        _endpoint.Answer = (n, cancel) => AnswerAsync(said, n, cancel);

        await LiveForAnHourAsync();

        Assert.Equal(Enumerable.Repeat("client_credentials", 6), Grants);
        var at = _endpoint.Requests.Select(request => request.At).ToList();
        Assert.Equal([1, 4, 10, 15, 15], at.Zip(at.Skip(1), (a, b) => (int)(b - a).TotalMinutes));
    }

    [Fact]
    public async Task Whoever_must_wait_hears_why()
    {
        _endpoint.Answers(() => ScriptedEndpoint.Json("<html>"));
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(
            "Provider 'vk' asks VK Cloud for a new grant at most once a minute, because each one costs one of the project's 25 refresh tokens; the next request "
                + "is possible when RetryAfter has passed. VK Cloud's token endpoint answered with something that is not JSON, so the pauses grow to 15 minutes.",
            error.Message
        );
        Assert.True(error.IsTransient);
        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, 59, 60);
    }

    [Fact]
    public async Task A_whole_grant_makes_the_pauses_short_again()
    {
        var isGood = false;
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                GrantOf(n) == "refresh_token" ? ScriptedEndpoint.Reply(HttpStatusCode.BadRequest)
                : isGood ? ScriptedEndpoint.Json(Good)
                : ScriptedEndpoint.Json("{}")
            );
        await LiveForAnHourAsync();
        isGood = true;
        _time.Advance(TimeSpan.FromMinutes(15));
        await GetAsync();
        isGood = false;
        var before = _endpoint.Requests.Count;
        _time.Advance(TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.Equal(2, Grants.Skip(before).Count(grant => grant == "client_credentials"));
    }

    private async Task LiveForAnHourAsync()
    {
        var end = _time.GetUtcNow() + TimeSpan.FromHours(1);
        while (_time.GetUtcNow() < end)
        {
            try
            {
                _provider.Invalidate(await GetAsync());
            }
            catch (TokenAcquisitionException) { }

            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private string GrantOf(int request) => (string)JsonNode.Parse(_endpoint.Requests[request - 1].Body)!["grant_type"]!;

    private static Task<HttpResponseMessage> AnswerAsync(string said, int n, CancellationToken cancellationToken) =>
        said switch
        {
            "silence" => ScriptedEndpoint.Silence(cancellationToken),
            "broken" => throw new HttpRequestException("reset", new IOException()),
            "an exception of its own" => throw new InvalidOperationException("a resilience handler gave up"),
            "slow silence" when n % 2 == 0 => ScriptedEndpoint.Silence(cancellationToken),
            "slow silence" => throw new HttpRequestException("reset", new IOException()),
            "64 KiB" => Task.FromResult(ScriptedEndpoint.Json(new string(' ', (64 * 1024) + 1))),
            "no content" => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent)),
            "not UTF-8" => Task.FromResult(Typed("application/json", [0xC0, 0x80, .. Encoding.UTF8.GetBytes(Good)])),
            "not gzip" => Task.FromResult(Spoilt()),
            _ => Task.FromResult(ScriptedEndpoint.Json(said.Replace("\"a\"", $"\"a{n}\"", StringComparison.Ordinal))),
        };

    private static HttpResponseMessage Typed(string type, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        return new HttpResponseMessage { Content = content };
    }

    private static HttpResponseMessage Spoilt()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Good));
        var spoilt = bytes.ToArray();
        spoilt[12] ^= 0xFF;
        var content = new ByteArrayContent(spoilt);
        content.Headers.ContentEncoding.Add("gzip");

        return new HttpResponseMessage { Content = content };
    }

    private Task<AccessToken> GetAsync() =>
        _time.AdvanceUntilAsync(_provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(100), 200);
}
