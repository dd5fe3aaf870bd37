using System.Net;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Providers.VkCloud;

/// <summary>VK Cloud refuses the refresh token of a process that could not read the store: another process has renewed with it.</summary>
[Trait("Failure", "41")]
public sealed class RefusedRenewalTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedStore _store = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly VkCloudTokenProvider _provider;
    private string _good = "refresh-1";
    private int _granted;

    public RefusedRenewalTests()
    {
        _endpoint = new ScriptedEndpoint(_time) { Answer = (n, _) => Task.FromResult(AnswerTo(BodyOf(n))) };
        _provider = new VkCloudTokenProvider(
            new VkCloudOptions { ClientId = "mcs1.voice.2", ClientSecret = "secret" },
            _endpoint.Client,
            _time,
            _store
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The refresh token of each request; <c>client_credentials</c> for those without one.</summary>
    private IEnumerable<string> Presented => Enumerable.Range(1, _endpoint.Requests.Count).Select(n => Of(BodyOf(n)));

    [Fact]
    public async Task The_grant_of_the_other_process_is_taken_from_the_store()
    {
        await StartAsync(isDue: false);
        FailFirst("read");

        var token = await _provider.GetTokenAsync(Cancel);

        Assert.Equal("theirs", token.Value);
        Assert.Equal(["client_credentials", "refresh-1"], Presented);
    }

    [Fact]
    public async Task The_refresh_token_of_the_other_process_renews()
    {
        await StartAsync(isDue: true);
        FailFirst("read");

        var token = await _provider.GetTokenAsync(Cancel);

        Assert.Equal("access-2", token.Value);
        Assert.Equal(["client_credentials", "refresh-1", "theirs"], Presented);
        Assert.Equal("access-2", _store.Record?.Grant.AccessToken.Value);
    }

    [Fact]
    public async Task While_the_store_is_being_waited_for_the_lease_has_the_grant()
    {
        await StartAsync(isDue: false);
        FailFirst("read", "read");

        var token = await _provider.GetTokenAsync(Cancel);

        Assert.Equal("theirs", token.Value);
        Assert.Equal(["client_credentials", "refresh-1"], Presented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_stays_away_or_has_nothing_newer_costs_one_client_credentials(bool staysAway)
    {
        await StartAsync(isDue: false);
        _store.Record = null;
        if (staysAway)
            _store.FailAt("read", "lease");
        else
            FailFirst("read");

        var token = await _provider.GetTokenAsync(Cancel);

        Assert.Equal("access-2", token.Value);
        Assert.Equal(["client_credentials", "refresh-1", "client_credentials"], Presented);
    }

    [Fact]
    public async Task A_refresh_token_that_is_not_refused_renews_at_once()
    {
        await StartAsync(isDue: false);
        _good = "refresh-1";
        _store.FailAt("read", "lease");

        var token = await _provider.GetTokenAsync(Cancel);

        Assert.Equal("access-2", token.Value);
        Assert.Equal(["client_credentials", "refresh-1"], Presented);
    }

    public void Dispose()
    {
        _provider.Dispose();
        _endpoint.Dispose();
    }

    /// <summary>This process's token has expired, and another process has renewed.</summary>
    private async Task StartAsync(bool isDue)
    {
        await _provider.GetTokenAsync(Cancel);
        _time.Advance(TimeSpan.FromMinutes(61));
        var expiry = _time.GetUtcNow() + (isDue ? TimeSpan.Zero : TimeSpan.FromMinutes(59));
        var grant = new TokenGrant(new AccessToken("theirs", expiry)) { RefreshToken = "theirs" };
        _store.Record = new TokenRecord(grant, _time.GetUtcNow() - TimeSpan.FromMinutes(1))
        {
            SecretDigest = _store.Record!.SecretDigest,
        };
        _good = "theirs";
    }

    private void FailFirst(params string[] operations)
    {
        var failing = new Queue<string>(operations);
        _store.Before = (operation, _) =>
            failing.TryPeek(out var next) && operation == next
                ? throw new TokenStoreException($"The disk is full at '{failing.Dequeue()}'.")
                : Task.CompletedTask;
    }

    private JsonNode BodyOf(int request) => JsonNode.Parse(_endpoint.Requests[request - 1].Body)!;

    private static string Of(JsonNode body) => (string?)body["refresh_token"] ?? (string)body["grant_type"]!;

    private HttpResponseMessage AnswerTo(JsonNode body)
    {
        if ((string?)body["refresh_token"] is { } refreshToken && refreshToken != _good)
            return ScriptedEndpoint.Reply(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""");

        _granted++;
        _good = $"refresh-{_granted}";

        return ScriptedEndpoint.Json(
            $$"""{"access_token":"access-{{_granted}}","refresh_token":"{{_good}}","expired_in":"3600"}"""
        );
    }
}
