using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>What a page may do with the report that a token was refused, and what it may not.</summary>
public sealed class RefusedTokenTests : IAsyncLifetime
{
    private readonly List<HttpClient> _users = [];
    private SpeechPageHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SpeechPageHost.StartAsync(packages: null);

    [Fact]
    public async Task A_token_that_Azure_refuses_is_renewed()
    {
        var ada = await SignInAsync("Ada");
        var refused = await TokenAsync(ada);
        _host.Emulator.RevokeAccessTokens();

        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(ada, refused));

        Assert.NotEqual(refused, await TokenAsync(ada));
        Assert.Equal(2, _host.Emulator.Ledger.AccessTokensMinted);
    }

    [Fact]
    public async Task A_token_that_Azure_takes_stays_whoever_reports_it()
    {
        for (var user = 0; user < 25; user++)
        {
            var client = await SignInAsync($"user {user}");
            Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(client, await TokenAsync(client)));
        }

        Assert.Equal(1, _host.Emulator.Ledger.AccessTokensMinted);
    }

    [Fact]
    public async Task An_older_token_asks_Azure_nothing()
    {
        var ada = await SignInAsync("Ada");
        await TokenAsync(ada);

        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(ada, "an.older.one"));

        Assert.Equal(0, _host.Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureTts].Calls);
    }

    [Fact]
    public async Task A_user_is_heard_twice_an_hour_and_the_others_are_heard_all_the_same()
    {
        var (ada, bob) = (await SignInAsync("Ada"), await SignInAsync("Bob"));
        var token = await TokenAsync(ada);

        await ReportAsync(ada, token);
        await ReportAsync(ada, token);
        var third = await ReportAsync(ada, token);
        _host.Emulator.RevokeAccessTokens();
        var other = await ReportAsync(bob, token);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.NoContent), (third, other));
        Assert.NotEqual(token, await TokenAsync(bob));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"token":null}""")]
    [InlineData("""{"token":" "}""")]
    [InlineData("""{"token":7}""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_report_without_a_token_is_the_callers_error(string body)
    {
        var ada = await SignInAsync("Ada");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await ada.PostAsync("speech-token/refused", content, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Nobody_reports_without_signing_in()
    {
        using var nobody = new HttpClient { BaseAddress = _host.Address };
        nobody.DefaultRequestHeaders.Add("X-Requested-With", "XMLHttpRequest");

        Assert.Equal(HttpStatusCode.Unauthorized, await ReportAsync(nobody, "a.b.c"));
    }

    [Fact]
    public async Task While_Azure_does_not_say_the_token_stays()
    {
        var ada = await SignInAsync("Ada");
        var token = await TokenAsync(ada);
        _host.Emulator.Faults.Next(TokenServiceEndpoint.AzureTts, TokenServiceFault.DropConnection());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReportAsync(ada, token));

        Assert.Equal(token, await TokenAsync(ada));
    }

    public async ValueTask DisposeAsync()
    {
        _users.ForEach(user => user.Dispose());
        await _host.DisposeAsync();
    }

    private async Task<HttpClient> SignInAsync(string name)
    {
        var user = new HttpClient { BaseAddress = _host.Address };
        _users.Add(user);
        using var response = await user.PostAsJsonAsync("sign-in", new { name }, Stop);
        response.EnsureSuccessStatusCode();

        return user;
    }

    private static async Task<string> TokenAsync(HttpClient user)
    {
        using var response = await user.PostAsync("speech-token", content: null, Stop);
        response.EnsureSuccessStatusCode();

        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["token"]!;
    }

    private static async Task<HttpStatusCode> ReportAsync(HttpClient user, string token)
    {
        using var response = await user.PostAsJsonAsync("speech-token/refused", new { token }, Stop);

        return response.StatusCode;
    }
}
