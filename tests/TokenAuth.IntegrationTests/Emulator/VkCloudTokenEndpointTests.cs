using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

public sealed class VkCloudTokenEndpointTests : EmulatorFixture
{
    private static readonly VkCloudClient s_voice = VkCloudClient.Voice;

    private VkCloudEmulatorOptions Rules => Emulator.Options.VkCloud;

    [Fact]
    public async Task A_first_grant_is_worded_as_documented()
    {
        using var response = await Client.Http.PostAsync(
            Emulator.VkTokenEndpoint,
            Json(
                $$"""{"client_id":"{{s_voice.ClientId}}","client_secret":"{{s_voice.ClientSecret}}","grant_type":"client_credentials"}"""
            ),
            TestContext.Current.CancellationToken
        );
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Matches(
            """^\{"refresh_token":"\w{50}","access_token":"\w{50}","expired_in":"3600","scope":\{"tts":1,"asr_short":1,"asr_stream":1\}\}$""",
            body
        );
    }

    [Theory]
    [InlineData("""{"client_id":"ID","grant_type":"client_credentials"}""", 400, "invalid_request")]
    [InlineData(
        """{"client_id":"ID","client_secret":"wrong","grant_type":"client_credentials"}""",
        401,
        "invalid_client"
    )]
    [InlineData(
        """{"client_id":"other","client_secret":"SECRET","grant_type":"client_credentials"}""",
        401,
        "invalid_client"
    )]
    [InlineData(
        """{"client_id":"ID","client_secret":"SECRET","grant_type":"password"}""",
        400,
        "unsupported_grant_type"
    )]
    [InlineData("""{"client_id":"ID","client_secret":"SECRET"}""", 400, "unsupported_grant_type")]
    [InlineData("""{"client_id":"ID","refresh_token":"unknown","grant_type":"refresh_token"}""", 400, "invalid_grant")]
    [InlineData(
        """{"client_id":"ID","client_secret":"SECRET","refresh_token":"x","grant_type":"refresh_token"}""",
        400,
        "invalid_request"
    )]
    [InlineData(
        """{"client_id":"ID","client_secret":"SECRET","grant_type":"client_credentials","scope":"tts"}""",
        400,
        "invalid_request"
    )]
    [InlineData(
        """{"client_id":"ID","client_id":"ID","client_secret":"SECRET","grant_type":"client_credentials"}""",
        400,
        "invalid_request"
    )]
    [InlineData("[]", 400, "invalid_request")]
    [InlineData("", 400, "invalid_request")]
    public async Task Anything_but_the_documented_members_is_refused(string body, int status, string error)
    {
        using var response = await Client.Http.PostAsync(
            Emulator.VkTokenEndpoint,
            Json(
                body.Replace("ID", s_voice.ClientId, StringComparison.Ordinal)
                    .Replace("SECRET", s_voice.ClientSecret, StringComparison.Ordinal)
            ),
            TestContext.Current.CancellationToken
        );
        var reply = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(error, (string?)reply["error"]);
        Assert.NotNull((string?)reply["message"]);
        Assert.Equal(0, Emulator.Ledger.RefreshTokensMinted);
    }

    [Fact]
    public async Task A_form_or_a_query_is_refused()
    {
        var members = new Dictionary<string, string>
        {
            ["client_id"] = s_voice.ClientId,
            ["client_secret"] = s_voice.ClientSecret,
            ["grant_type"] = "client_credentials",
        };
        var query = string.Join('&', members.Select(pair => $"{pair.Key}={pair.Value}"));

        using var form = await Client.Http.PostAsync(
            Emulator.VkTokenEndpoint,
            new FormUrlEncodedContent(members),
            TestContext.Current.CancellationToken
        );
        using var asQuery = await Client.Http.PostAsync(
            new Uri(Emulator.VkTokenEndpoint + "?" + query),
            Json(""),
            TestContext.Current.CancellationToken
        );
        using var got = await Client.Http.GetAsync(
            new Uri(Emulator.VkTokenEndpoint + "?" + query),
            TestContext.Current.CancellationToken
        );

        Assert.Equal([400, 400, 405], [(int)form.StatusCode, (int)asQuery.StatusCode, (int)got.StatusCode]);
        Assert.Equal(0, Emulator.Ledger.RefreshTokensMinted);
    }

    [Theory]
    [InlineData(VkCloudRefreshTokenRule.Echoed, true, true)]
    [InlineData(VkCloudRefreshTokenRule.Omitted, null, true)]
    [InlineData(VkCloudRefreshTokenRule.Rotated, false, true)]
    [InlineData(VkCloudRefreshTokenRule.SingleUse, false, false)]
    [InlineData(VkCloudRefreshTokenRule.LimitedUses, true, true)]
    public async Task A_refresh_does_to_the_refresh_token_what_the_rule_says(
        VkCloudRefreshTokenRule rule,
        bool? sameInReply,
        bool oldStaysGood
    )
    {
        Rules.RefreshTokenRule = rule;
        var first = (string)(await Client.MintAsync(s_voice)).Body["refresh_token"]!;

        var (status, body) = await Client.RefreshAsync(s_voice, first);
        var again = await Client.RefreshAsync(s_voice, first);

        Assert.Equal(200, status);
        Assert.Equal(sameInReply, (string?)body["refresh_token"] is { } inReply ? inReply == first : null);
        Assert.Equal(oldStaysGood ? 200 : 400, again.Status);
        Assert.Equal(1, Emulator.Ledger.RefreshTokensMinted);
        Assert.Equal(1, Emulator.Ledger.ActiveRefreshTokens);
    }

    [Theory]
    [InlineData(24, 200)]
    [InlineData(25, 400)]
    public async Task A_refresh_token_of_limited_uses_serves_25_times(int usesBefore, int status)
    {
        Rules.RefreshTokenRule = VkCloudRefreshTokenRule.LimitedUses;
        Rules.AccessTokenLimit = 100;
        var token = (string)(await Client.MintAsync(s_voice)).Body["refresh_token"]!;
        for (var i = 0; i < usesBefore; i++)
            Assert.Equal(200, (await Client.RefreshAsync(s_voice, token)).Status);

        Assert.Equal(status, (await Client.RefreshAsync(s_voice, token)).Status);
    }

    [Fact]
    public async Task A_refresh_token_belongs_to_its_client()
    {
        var token = (string)(await Client.MintAsync(s_voice)).Body["refresh_token"]!;

        var (status, body) = await Client.RefreshAsync(VkCloudClient.Vision, token);

        Assert.Equal(400, status);
        Assert.Equal("invalid_grant", (string?)body["error"]);
    }

    [Fact]
    public async Task The_26th_refresh_token_is_refused()
    {
        for (var i = 0; i < 25; i++)
            Assert.Equal(200, (await Client.MintAsync(i % 2 == 0 ? s_voice : VkCloudClient.Vision)).Status);

        var (status, body) = await Client.MintAsync(s_voice);

        Assert.Equal(403, status);
        Assert.Equal("limit_exceeded", (string?)body["error"]);
        Assert.Equal(25, Emulator.Ledger.ActiveRefreshTokens);
    }

    [Fact]
    public async Task The_26th_refresh_token_evicts_the_oldest()
    {
        Rules.AtLimit = VkCloudLimitReaction.EvictOldest;
        var tokens = new List<string>();
        for (var i = 0; i < 26; i++)
            tokens.Add((string)(await Client.MintAsync(s_voice)).Body["refresh_token"]!);

        Assert.Equal(400, (await Client.RefreshAsync(s_voice, tokens[0])).Status);
        Assert.Equal(200, (await Client.RefreshAsync(s_voice, tokens[1])).Status);
        Assert.Equal(200, (await Client.RefreshAsync(s_voice, tokens[25])).Status);
        Assert.Equal(25, Emulator.Ledger.ActiveRefreshTokens);
        Assert.Equal(26, Emulator.Ledger.RefreshTokensMinted);
    }

    [Theory]
    [InlineData(VkCloudAccessTokenLimit.RefreshToken, 200, 200)]
    [InlineData(VkCloudAccessTokenLimit.Client, 403, 200)]
    [InlineData(VkCloudAccessTokenLimit.Project, 403, 403)]
    public async Task The_26th_access_token_is_counted_as_told(
        VkCloudAccessTokenLimit per,
        int sameClient,
        int otherClient
    )
    {
        Rules.AccessTokenLimitPer = per;
        var token = (string)(await Client.MintAsync(s_voice)).Body["refresh_token"]!;
        for (var i = 0; i < 24; i++)
            Assert.Equal(200, (await Client.RefreshAsync(s_voice, token)).Status);

        Assert.Equal(403, (await Client.RefreshAsync(s_voice, token)).Status);
        Assert.Equal(sameClient, (await Client.MintAsync(s_voice)).Status);
        Assert.Equal(otherClient, (await Client.MintAsync(VkCloudClient.Vision)).Status);

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(200, (await Client.RefreshAsync(s_voice, token)).Status);
    }

    [Theory]
    [InlineData(VkCloudLifetimeField.ExpiredInText, "\"expired_in\":\"1800\"")]
    [InlineData(VkCloudLifetimeField.ExpiredInNumber, "\"expired_in\":1800")]
    [InlineData(VkCloudLifetimeField.ExpiresInText, "\"expires_in\":\"1800\"")]
    [InlineData(VkCloudLifetimeField.ExpiresInNumber, "\"expires_in\":1800")]
    [InlineData(VkCloudLifetimeField.Absent, null)]
    public async Task The_lifetime_is_told_as_told(VkCloudLifetimeField field, string? expected)
    {
        Rules.LifetimeField = field;
        Rules.AccessTokenLifetime = TimeSpan.FromMinutes(30);

        var reply = (await Client.MintAsync(s_voice)).Body.ToJsonString();

        Assert.Equal(expected is null ? 0 : 1, reply.Split("expire").Length - 1);
        Assert.Contains(expected ?? "", reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(VkCloudScopeShape.ObjectOfInts, """{"tts":1,"asr_short":1,"asr_stream":1}""")]
    [InlineData(VkCloudScopeShape.Text, "\"tts asr_short asr_stream\"")]
    [InlineData(VkCloudScopeShape.Array, """["tts","asr_short","asr_stream"]""")]
    [InlineData(VkCloudScopeShape.Absent, null)]
    public async Task The_scopes_are_told_as_told(VkCloudScopeShape shape, string? expected)
    {
        Rules.ScopeShape = shape;

        var (_, body) = await Client.MintAsync(s_voice);

        Assert.Equal(expected, body["scope"]?.ToJsonString());
    }

    [Theory]
    [InlineData(
        VkCloudErrorShape.ErrorAndMessage,
        """{"error":"invalid_grant","message":"The refresh token is invalid."}"""
    )]
    [InlineData(
        VkCloudErrorShape.ErrorAndDescription,
        """{"error":"invalid_grant","error_description":"The refresh token is invalid."}"""
    )]
    [InlineData(VkCloudErrorShape.StatusAndBody, """{"status":400,"body":"The refresh token is invalid."}""")]
    [InlineData(VkCloudErrorShape.Html, "<html><body><h1>400</h1></body></html>")]
    [InlineData(VkCloudErrorShape.Empty, "")]
    public async Task An_error_is_worded_as_told(VkCloudErrorShape shape, string expected)
    {
        Rules.ErrorShape = shape;

        using var response = await Client.Http.PostAsync(
            Emulator.VkTokenEndpoint,
            Json($$"""{"client_id":"{{s_voice.ClientId}}","refresh_token":"x","grant_type":"refresh_token"}"""),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reply_can_be_rewritten()
    {
        Rules.RewriteReply = reply => reply.Replace("\"3600\"", "\"abc\"", StringComparison.Ordinal);

        var (_, body) = await Client.MintAsync(s_voice);

        Assert.Equal("abc", (string?)body["expired_in"]);
    }

    [Fact]
    public async Task An_inactive_project_gets_no_tokens()
    {
        Emulator.VkCloud.IsActive = false;

        Assert.Equal(403, (await Client.MintAsync(s_voice)).Status);
    }

    [Fact]
    public async Task A_revoked_refresh_token_is_refused_and_frees_its_slot()
    {
        var token = (string)(await Client.MintAsync(s_voice)).Body["refresh_token"]!;

        Assert.True(Emulator.VkCloud.RevokeRefreshToken(token));

        Assert.Equal(400, (await Client.RefreshAsync(s_voice, token)).Status);
        Assert.Equal(0, Emulator.Ledger.ActiveRefreshTokens);
        Assert.False(Emulator.VkCloud.RevokeRefreshToken(token));
    }

    private static StringContent Json(string body) =>
        new(body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
}
