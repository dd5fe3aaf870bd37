using System.Globalization;
using System.Net;
using System.Text;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;
using TokenAuth.Tests.Storage;

namespace TokenAuth.IntegrationTests.Wire;

/// <summary>The bugs of other people's clients, by the numbers under which we collected them.</summary>
public sealed class BugsOfOthersTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromSeconds(10) };
    private readonly RawOrigin _origin = new();
    private int _calls;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Calls => Volatile.Read(ref _calls);

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    [Fact]
    [Trait("Bug", "1")]
    [Trait("Failure", "17")]
    public async Task After_a_first_fetch_that_fails_the_next_call_does_not_wait_for_a_timer()
    {
        Answers(call => call <= 3 ? RawOrigin.Reply(503) : Granted(call));
        using var provider = Vk();
        await Assert.ThrowsAsync<TokenAcquisitionException>(() => GetAsync(provider));
        var before = _time.GetTimestamp();

        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal("access-4", token.Value);
        Assert.Equal(before, _time.GetTimestamp());
    }

    [Fact]
    [Trait("Bug", "2")]
    [Trait("Failure", "22")]
    public async Task A_permanently_bad_token_does_not_recurse()
    {
        Answers(Granted);
        await using var api = new RawOrigin { Answer = _ => RawOrigin.Reply(401) };
        using var provider = Vk();
        using var client = new HttpClient(new BearerTokenHandler(provider) { InnerHandler = new SocketsHttpHandler() });

        for (var request = 0; request < 100; request++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(api.Address, Cancel)).StatusCode);

        Assert.InRange(Calls, 2, 21);
        Assert.InRange(api.Received.Count, 101, 120); // each once, and once more where there was a newer token
    }

    [Theory]
    [Trait("Bug", "3")]
    [Trait("Failure", "5")]
    [InlineData("""{"error":{"code":"401","message":"Access denied due to invalid subscription key."}}""")]
    [InlineData("<html><body>503</body></html>")]
    [InlineData("Service unavailable")]
    [InlineData("")]
    public async Task An_error_body_is_not_a_token(string body)
    {
        Answers(_ => RawOrigin.Reply(200, body, "Content-Type: text/plain\r\n"));
        using var provider = Azure();

        await Assert.ThrowsAsync<TokenAcquisitionException>(() => GetAsync(provider));
    }

    [Fact]
    [Trait("Bug", "4")]
    public async Task An_Azure_token_is_never_handed_out_at_an_age_over_nine_minutes()
    {
        var issuedAt = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        Answers(call =>
        {
            var jwt = Jwt(call);
            lock (issuedAt)
                issuedAt[jwt] = _time.GetUtcNow();
            return RawOrigin.Reply(200, jwt);
        });
        using var provider = Azure();
        var oldest = TimeSpan.Zero;

        for (var second = 0; second < 2 * 3600; second += 5)
        {
            var token = await GetAsync(provider);
            lock (issuedAt)
                oldest = TimeSpan.FromTicks(Math.Max(oldest.Ticks, (_time.GetUtcNow() - issuedAt[token.Value]).Ticks));
            await Until.HoldsAsync(() => !((IRenewingProvider)provider).Engine!.IsRenewing);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.InRange(oldest, TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(9));
        Assert.InRange(Calls, 14, 20); // once in 6:18 to 8:06
    }

    [Fact]
    [Trait("Bug", "5")]
    public async Task Idle_past_the_expiry_the_old_token_is_not_used()
    {
        Answers(call => RawOrigin.Reply(200, Jwt(call)));
        using var provider = Azure();
        var first = await GetAsync(provider);

        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.NotEqual(first.Value, (await GetAsync(provider)).Value);
        Assert.Equal(2, Calls);
    }

    [Fact]
    [Trait("Bug", "6")]
    public async Task Who_waited_for_a_renewal_does_not_renew_again()
    {
        Answers(Granted);
        using var provider = Vk();
        await GetAsync(provider);
        _time.Advance(TimeSpan.FromHours(1));

        await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => provider.GetTokenAsync(Cancel).AsTask(), Cancel))
        );

        Assert.Equal(2, Calls);
    }

    [Fact]
    [Trait("Bug", "7")]
    public async Task Seconds_are_not_milliseconds()
    {
        Answers(Granted);
        using var provider = Vk();

        for (var call = 0; call < 1_000; call++)
        {
            await GetAsync(provider);
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(1, Calls);
    }

    [Fact]
    [Trait("Bug", "8")]
    [Trait("Failure", "31")]
    public async Task A_refresh_reply_without_a_refresh_token_does_not_erase_the_old_one()
    {
        Answers(call =>
            call == 1 ? Granted(call)
            : call == 2 ? Granted(call).Replace("refresh-1", "refresh-2", StringComparison.Ordinal)
            : RawOrigin.Json(200, $$"""{"access_token":"access-{{call}}","expired_in":"3600"}""")
        );
        using var provider = Vk();

        for (var hour = 0; hour < 5; hour++)
        {
            await GetAsync(provider);
            _time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(5, Calls);
        Assert.Single(_origin.Received, request => Has(request, "client_credentials"));
        Assert.Equal(3, _origin.Received.Count(request => Has(request, "\"refresh_token\":\"refresh-2\"")));
    }

    [Fact]
    [Trait("Bug", "9")]
    [Trait("Failure", "15")]
    public async Task One_outage_does_not_end_the_renewals()
    {
        Answers(call => call is >= 2 and <= 4 ? RawOrigin.Reply(503) : Granted(call));
        using var provider = Vk();
        var seen = new HashSet<string>(StringComparer.Ordinal);

        for (var minute = 0; minute < 180; minute++)
        {
            seen.Add((await GetAsync(provider)).Value);
            await _time.AdvanceUntilAsync(
                Until.HoldsAsync(() => !((IRenewingProvider)provider).Engine!.IsRenewing),
                TimeSpan.FromMilliseconds(50),
                10_000
            );
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(seen.Count, 4, 5); // renewed every 41 to 53 minutes
    }

    [Fact]
    [Trait("Bug", "10")]
    [Trait("Failure", "32")]
    public async Task Twenty_six_restarts_with_a_store_use_one_refresh_token()
    {
        Answers(Granted);
        using var directory = new TestDirectory();

        for (var restart = 0; restart <= 26; restart++)
        {
            var store = new FileTokenStore(
                new FileTokenStoreOptions { Directory = directory.Store, AllowUnencrypted = true },
                _time
            );
            using var provider = new VkCloudTokenProvider(Options.Vk(_origin), timeProvider: _time, store: store);
            await GetAsync(provider);
            _time.Advance(TimeSpan.FromHours(restart % 2)); // expired after every other restart
        }

        Assert.Single(_origin.Received, request => Has(request, "client_credentials"));
        Assert.InRange(Calls, 13, 15);
    }

    [Theory]
    [Trait("Bug", "11")]
    [Trait("Failure", "8")]
    [InlineData("")]
    [InlineData(""","expired_in":"never" """)]
    [InlineData(""","expires_at":"2026-01-01" """)]
    [InlineData(""","expired_in":0""")]
    [InlineData(""","expired_in":-1""")]
    public async Task An_unknown_lifetime_is_neither_for_ever_nor_over(string member)
    {
        Answers(call =>
            RawOrigin.Json(200, $$$"""{"access_token":"access-{{{call}}}","refresh_token":"r"{{{member}}} }""")
        );
        using var provider = Vk();

        await GetAsync(provider);
        _time.Advance(TimeSpan.FromMinutes(40));
        await GetAsync(provider);
        Assert.Equal(1, Calls);

        _time.Advance(TimeSpan.FromMinutes(20));
        await GetAsync(provider);
        Assert.Equal(2, Calls);
    }

    private static bool Has(RawRequest request, string text) =>
        request.ToString().Contains(text, StringComparison.Ordinal);

    private static string Granted(int call) =>
        RawOrigin.Json(
            200,
            $$"""{"refresh_token":"refresh-1","access_token":"access-{{call}}","expired_in":"3600","scope":{"tts":1} }"""
        );

    private string Jwt(int call)
    {
        var exp = _time.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds();
        var claims = string.Create(CultureInfo.InvariantCulture, $$"""{"exp":{{exp}},"n":{{call}}}""");

        return $"eyJhbGciOiJIUzI1NiJ9.{Convert.ToBase64String(Encoding.UTF8.GetBytes(claims)).TrimEnd('=')}.c2lnbmF0dXJl";
    }

    private void Answers(Func<int, string> answer) => _origin.Answer = _ => answer(Interlocked.Increment(ref _calls));

    private VkCloudTokenProvider Vk() => new(Options.Vk(_origin), timeProvider: _time);

    private AzureSpeechTokenProvider Azure() => new(Options.Azure(_origin), timeProvider: _time);

    private Task<AccessToken> GetAsync(ITokenProvider provider) =>
        _time.AdvanceUntilAsync(provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(20), 10_000);
}
