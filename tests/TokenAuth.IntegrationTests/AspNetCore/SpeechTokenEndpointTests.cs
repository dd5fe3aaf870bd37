using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>What browsers get, over sockets.</summary>
public sealed class SpeechTokenEndpointTests
{
    private const string Unavailable = """
        {"type":"urn:tokenauth:speech-token-unavailable","title":"No Speech token can be had now.","status":503,"detail":"The server cannot obtain a token. Ask again after the seconds of Retry-After; the server\u0027s log says why."}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_in_caller_gets_a_token_its_region_and_its_life()
    {
        await using var app = await SpeechApplication.StartAsync();

        using var response = await app.PostAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(
            ["token", "region", "expiresIn", "expiresAt"],
            json.RootElement.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(3, json.RootElement.GetProperty("token").GetString()!.Split('.').Length);
        Assert.Equal("westeurope", json.RootElement.GetProperty("region").GetString()); // the JWT's: the settings say none
        Assert.Equal(600, json.RootElement.GetProperty("expiresIn").GetInt32());
        Assert.Equal("2026-01-01T00:10:00Z", json.RootElement.GetProperty("expiresAt").GetString());
    }

    [Fact]
    public async Task Nobody_keeps_an_answer()
    {
        await using var app = await SpeechApplication.StartAsync();

        using var response = await app.PostAsync();

        Assert.Equal(
            [
                "Cache-Control: no-store",
                "Pragma: no-cache",
                "Vary: Origin, Authorization, Cookie",
                "X-Content-Type-Options: nosniff",
            ],
            response
                .Headers.Where(header => header.Key is not ("Date" or "Server"))
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_region_and_the_custom_domain_of_the_settings_come_along()
    {
        await using var app = await SpeechApplication.StartAsync(
            app => app.MapSpeechToken("/t", "custom").AllowAnonymous(),
            (builder, _) =>
                builder
                    .Services.AddTokenAuth()
                    .AddProvider(
                        "custom",
                        _ => new FixedSpeechProvider(Endpoint: "https://contoso.cognitiveservices.azure.com/")
                    )
        );

        Assert.Equal(
            """{"token":"a.b.c","region":"eastus","expiresIn":300,"expiresAt":"2026-01-01T00:05:00Z","endpoint":"https://contoso.cognitiveservices.azure.com/"}""",
            await TextAsync(await app.PostAsync("/t"))
        );
    }

    [Fact]
    public async Task Web_Chat_gets_its_own_shape()
    {
        await using var app = await FixedAsync(SpeechTokenShape.WebChat);

        Assert.Equal(
            """{"authorizationToken":"a.b.c","region":"eastus"}""",
            await TextAsync(await app.PostAsync("/t"))
        );
    }

    [Fact]
    public async Task A_text_has_the_rest_in_headers()
    {
        await using var app = await FixedAsync(SpeechTokenShape.Text);

        using var response = await app.PostAsync("/t");

        Assert.Equal("text/plain", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("a.b.c", await TextAsync(response));
        Assert.Equal("eastus", response.Headers.GetValues("SpeechRegion").Single());
        Assert.Equal(
            "https://contoso.cognitiveservices.azure.com/",
            response.Headers.GetValues("SpeechPrivateEndpoint").Single()
        );
    }

    [Fact]
    public async Task A_caller_who_is_not_signed_in_gets_401_and_one_who_GETs_405()
    {
        await using var app = await SpeechApplication.StartAsync();

        using var anonymous = await app.PostAsync(name: null);
        using var get = await app.Client.GetAsync(SpeechApplication.Path, Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(0, app.Emulator.Ledger.IssueTokenCalls);
    }

    [Fact]
    public async Task A_thousand_callers_at_once_are_one_token_call()
    {
        await using var app = await SpeechApplication.StartAsync();
        app.Emulator.Faults.Always(
            TokenServiceEndpoint.AzureToken,
            TokenServiceFault.Delay(TimeSpan.FromMilliseconds(300))
        );

        var responses = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => app.PostAsync()));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(1, app.Emulator.Ledger.IssueTokenCalls);
        var tokens = await Task.WhenAll(responses.Select(TextAsync));
        Assert.Single(tokens.Distinct());
    }

    [Fact]
    public async Task A_token_with_less_than_the_minimum_left_is_renewed_first()
    {
        await using var app = await SpeechApplication.StartAsync();
        var first = await TokenAsync(app);

        app.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(first, await TokenAsync(app));
        app.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await TokenAsync(app);

        Assert.NotEqual(first, second);
        Assert.Equal(2, app.Emulator.Ledger.IssueTokenCalls);
    }

    [Fact]
    public async Task The_minimum_is_the_options()
    {
        await using var app = await SpeechApplication.StartAsync(o => o.MinimumRemaining = TimeSpan.FromMinutes(8));
        var first = await TokenAsync(app);

        app.Time.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(1));

        Assert.NotEqual(first, await TokenAsync(app));
    }

    [Fact]
    public async Task While_Azure_is_down_a_token_that_lives_is_handed_out_with_what_it_has_left()
    {
        await using var app = await SpeechApplication.StartAsync();
        var first = await TokenAsync(app);
        app.Time.Advance(TimeSpan.FromMinutes(9));
        app.Emulator.Faults.Always(
            TokenServiceEndpoint.AzureToken,
            TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable)
        );

        using var json = JsonDocument.Parse(
            await TextAsync(await app.Time.AdvanceUntilAsync(app.PostAsync(), TimeSpan.FromMilliseconds(50), 2_000))
        );

        Assert.Equal(first, json.RootElement.GetProperty("token").GetString());
        Assert.InRange(json.RootElement.GetProperty("expiresIn").GetInt32(), 50, 60);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, null, "60")]
    [InlineData(HttpStatusCode.NotFound, null, "60")]
    [InlineData(HttpStatusCode.TooManyRequests, "17", "17")]
    [InlineData(HttpStatusCode.ServiceUnavailable, null, "5")]
    public async Task Where_no_token_can_be_had_a_caller_gets_503_and_nothing_of_what_Azure_says(
        HttpStatusCode azure,
        string? azureRetryAfter,
        string retryAfter
    )
    {
        await using var app = await SpeechApplication.StartAsync();
        app.Emulator.Faults.Always(
            TokenServiceEndpoint.AzureToken,
            TokenServiceFault.Status(azure, """{"error":{"message":"words of Azure"}}""", retryAfter: azureRetryAfter)
        );

        using var response = await app.Time.AdvanceUntilAsync(app.PostAsync(), TimeSpan.FromMilliseconds(50), 2_000);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(Unavailable, await TextAsync(response));
        Assert.Equal(retryAfter, response.Headers.GetValues("Retry-After").Single());
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_provider_of_the_applications_own_that_throws_is_503_without_its_words()
    {
        await using var app = await SpeechApplication.StartAsync(
            app => app.MapSpeechToken("/t", "custom").AllowAnonymous(),
            (builder, _) =>
                builder
                    .Services.AddTokenAuth()
                    .AddProvider(
                        "custom",
                        _ => new FixedSpeechProvider(Error: new InvalidOperationException("own words"))
                    )
        );

        using var response = await app.PostAsync("/t");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(Unavailable, await TextAsync(response));
        Assert.Equal(
            [
                "Browsers and apps get no Speech token from token provider 'custom'; more failures of this outage are not logged. InvalidOperationException",
            ],
            app.Logs.Messages(510)
        );
    }

    [Fact]
    public async Task An_outage_is_logged_once_and_its_end_too()
    {
        await using var app = await SpeechApplication.StartAsync();
        app.Emulator.Faults.Always(TokenServiceEndpoint.AzureToken, TokenServiceFault.Status(HttpStatusCode.NotFound));
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.PostAsync()).StatusCode);

        app.Emulator.Faults.Clear();
        app.Time.Advance(TimeSpan.FromMinutes(1));
        await TokenAsync(app);

        Assert.Single(app.Logs.Messages(510));
        Assert.Equal(
            ["Browsers and apps get Speech tokens from token provider 'speech' again."],
            app.Logs.Messages(511)
        );
    }

    [Fact]
    public async Task The_application_decides_for_each_caller()
    {
        await using var app = await SpeechApplication.StartAsync(o =>
            o.Authorize = (context, _) => new(context.User.Identity?.Name == "ann")
        );

        using var allowed = await app.PostAsync();
        using var refused = await app.PostAsync(name: "bob");

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(
            """{"type":"urn:tokenauth:speech-token-not-allowed","title":"This caller gets no Speech token.","status":403,"detail":"The application refuses Speech tokens to this caller."}""",
            await TextAsync(refused)
        );
    }

    [Fact]
    public async Task What_the_applications_own_hook_throws_is_the_applications_own()
    {
        await using var app = await SpeechApplication.StartAsync(o =>
            o.Authorize = (_, _) => throw new InvalidOperationException("own words")
        );

        using var response = await app.PostAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task A_caller_who_leaves_is_no_error_and_the_next_one_gets_the_token()
    {
        var noticed = new TaskCompletionSource();
        await using var app = await SpeechApplication.StartAsync(o =>
            o.Authorize = (context, _) =>
            {
                context.RequestAborted.Register(noticed.SetResult);
                return new(true);
            }
        );
        var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        app.Emulator.Faults.Next(
            TokenServiceEndpoint.AzureToken,
            new TokenServiceFault(
                async (context, answer) =>
                {
                    arrived.SetResult();
                    await release.Task;
                    await answer(context);
                }
            )
        );
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, SpeechApplication.Path);
        request.Headers.Add("X-Name", "ann");
        var left = app.Client.SendAsync(request, leaving.Token);
        await arrived.Task.WaitAsync(Cancel);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await noticed.Task.WaitAsync(Cancel);
        var next = app.PostAsync();
        release.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await next).StatusCode);
        await app.DisposeAsync(); // ends what runs
        Assert.Empty(app.Logs.Warnings);
        Assert.Equal(1, app.Emulator.Ledger.IssueTokenCalls);
    }

    [Fact]
    public async Task Settings_that_change_to_other_tokens_end_the_service()
    {
        var provider = new FixedSpeechProvider();
        await using var app = await SpeechApplication.StartAsync(
            app => app.MapSpeechToken("/t", "custom").AllowAnonymous(),
            (builder, _) => builder.Services.AddTokenAuth().AddProvider("custom", _ => provider)
        );
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/t")).StatusCode);

        provider.GrantsServiceTokens = false;

        Assert.Equal(Unavailable, await TextAsync(await app.PostAsync("/t")));
    }

    private static Task<SpeechApplication> FixedAsync(SpeechTokenShape shape) =>
        SpeechApplication.StartAsync(
            app => app.MapSpeechToken("/t", "custom", o => o.Shape = shape).AllowAnonymous(),
            (builder, _) =>
                builder
                    .Services.AddTokenAuth()
                    .AddProvider(
                        "custom",
                        _ => new FixedSpeechProvider(Endpoint: "https://contoso.cognitiveservices.azure.com/")
                    )
        );

    private static async Task<string> TokenAsync(SpeechApplication app)
    {
        using var response = await app.PostAsync();
        using var json = JsonDocument.Parse(await TextAsync(response));

        return json.RootElement.GetProperty("token").GetString()!;
    }

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Cancel);
}
