using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>A token for each caller's own tenant, over sockets: two resources, and callers whose tenant is in trouble.</summary>
public sealed class SpeechTokenTenantTests : IAsyncLifetime
{
    private TokenServiceEmulator _globex = null!;
    private SpeechApplication _app = null!;
    private bool _isRowMended;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri AcmeSpeech => _app.Emulator.AzureTtsAddress;

    public async ValueTask InitializeAsync()
    {
        _globex = await TokenServiceEmulator.StartAsync(new() { TimeProvider = new ManualTimeProvider() }, Cancel);
        _globex.AzureSpeech.RegenerateKey(AzureSpeechKey.Primary); // another resource has other keys
        _app = await SpeechApplication.StartAsync(
            app => app.MapSpeechToken("/t", "customers", o => o.Tenant = TenantOf).RequireAuthorization(),
            (builder, acme) =>
                builder
                    .Services.AddTokenAuth()
                    .AddAzureSpeechTenants("customers", (tenant, _, _) => new(Find(tenant, acme)))
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _globex.DisposeAsync();
    }

    [Fact]
    public async Task Each_caller_gets_a_token_of_their_own_tenants_resource()
    {
        var ofAcme = await TokenAsync("acme");
        var ofGlobex = await TokenAsync("globex");

        Assert.Equal(HttpStatusCode.OK, await SpeakAsync(AcmeSpeech, ofAcme));
        Assert.Equal(HttpStatusCode.OK, await SpeakAsync(_globex.AzureTtsAddress, ofGlobex));
        Assert.Equal(HttpStatusCode.Unauthorized, await SpeakAsync(AcmeSpeech, ofGlobex));
        Assert.Equal(HttpStatusCode.Unauthorized, await SpeakAsync(_globex.AzureTtsAddress, ofAcme));
    }

    [Fact]
    public async Task Two_hundred_callers_of_two_tenants_are_one_token_call_for_each()
    {
        var tokens = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => TokenAsync(i % 2 == 0 ? "acme" : "globex"))
        );

        Assert.Single(tokens.Where((_, i) => i % 2 == 0).Distinct());
        Assert.Single(tokens.Where((_, i) => i % 2 == 1).Distinct());
        Assert.Equal((1, 1), (_app.Emulator.Ledger.IssueTokenCalls, _globex.Ledger.IssueTokenCalls));
    }

    [Theory]
    [InlineData("gone", "there is no tenant 'gone'.")]
    [InlineData("Acme", "there is no tenant 'Acme'.")] // case counts
    [InlineData("", "SpeechTokenEndpointOptions.Tenant chose no tenant.")]
    [InlineData(
        "name-of-more-than-64-characters-name-of-more-than-64-characters-name-of-more",
        "there is no tenant 'name-of-more-than-64-characters-name-of-more-than-64-characters-…'."
    )]
    public async Task A_caller_without_a_known_tenant_is_not_allowed_and_the_log_says_so(string name, string cause)
    {
        using var response = await _app.PostAsync("/t", name);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(
            "\"type\":\"urn:tokenauth:speech-token-not-allowed\"",
            await response.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [
                $"A caller gets no Speech token from token provider 'customers': {cause} Further ones for it are not logged.",
            ],
            _app.Logs.Messages(513)
        );
    }

    [Fact]
    public async Task Callers_without_a_known_tenant_fill_neither_the_log_nor_the_memory()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _app.PostAsync("/t", "gone")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await _app.PostAsync("/t", "")).StatusCode);
        }
        Assert.Equal(2, _app.Logs.Messages(513).Count());

        for (var i = 0; i < 150; i++)
            using (await _app.PostAsync("/t", $"gone-{i}"))
                continue;

        Assert.Equal(100, _app.Logs.Messages(513).Count());
    }

    [Fact]
    public async Task A_tenant_that_was_known_meanwhile_is_logged_again_when_it_is_gone()
    {
        using var before = await _app.PostAsync("/t", "comes-and-goes");
        _isRowMended = true;
        Assert.NotEqual("", await TokenAsync("comes-and-goes"));

        await ForgetAsync("comes-and-goes");
        _isRowMended = false;
        using var after = await _app.PostAsync("/t", "comes-and-goes");

        Assert.Equal(2, _app.Logs.Messages(513).Count());
    }

    [Theory]
    [InlineData("wrong-key")]
    [InlineData("broken-row")]
    [InlineData("no-key")]
    [InlineData("manages")] // its tokens open more than a browser may have
    public async Task The_trouble_of_one_tenant_is_that_tenants_503(string name)
    {
        using var response = await _app.PostAsync("/t", name);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("\"type\":\"urn:tokenauth:speech-token-unavailable\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(name, text, StringComparison.Ordinal);
        Assert.NotEqual("", await TokenAsync("acme"));
    }

    [Theory]
    [InlineData("broken-row", "InvalidDataException")] // never what the application's own exception says
    [InlineData(
        "no-key",
        "Tenant 'no-key' of token provider 'customers': SubscriptionKey is missing; copy a key from the resource's page in the Azure portal."
    )]
    [InlineData("foreign-options", "OptionsValidationException")]
    public async Task The_log_says_why_a_tenant_could_not_be_resolved(string name, string cause)
    {
        using var response = await _app.PostAsync("/t", name);

        Assert.Equal([NotResolved(name, cause)], _app.Logs.Messages(512));
    }

    [Fact]
    public async Task An_outage_of_the_resolver_is_logged_once_for_each_tenant()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _app.PostAsync("/t", "broken-row")).StatusCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _app.PostAsync("/t", "no-key")).StatusCode);
            Assert.NotEqual("", await TokenAsync("acme")); // of another tenant: it ends no outage
        }

        Assert.Equal(2, _app.Logs.Messages(512).Count());
    }

    [Fact]
    public async Task After_a_recovery_the_next_outage_is_logged_again()
    {
        using var first = await _app.PostAsync("/t", "broken-row");
        _isRowMended = true;
        Assert.NotEqual("", await TokenAsync("broken-row"));

        await ForgetAsync("broken-row");
        _isRowMended = false;
        using var again = await _app.PostAsync("/t", "broken-row");

        Assert.Equal(2, _app.Logs.Messages(512).Count());
    }

    [Fact]
    public async Task Thousands_of_failing_tenants_fill_neither_the_log_nor_the_memory()
    {
        for (var i = 0; i < 150; i++)
            using (await _app.PostAsync("/t", $"broken-{i}"))
                continue;

        Assert.Equal(100, _app.Logs.Messages(512).Count());
    }

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(0, 101)]
    public async Task A_tenant_that_did_not_come_back_for_an_hour_leaves_its_place_to_another(int ticks, int expected)
    {
        for (var i = 0; i < 100; i++)
            using (await _app.PostAsync("/t", $"broken-{i}"))
                continue;

        _app.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(ticks));
        using var response = await _app.PostAsync("/t", "broken-row");

        Assert.Equal(expected, _app.Logs.Messages(512).Count());
    }

    [Theory]
    [InlineData("wrong-key", "wrong-key")]
    [InlineData(
        "wrong-key-of-more-than-64-characters-name-of-more-than-64-characters-name-of-more",
        "wrong-key-of-more-than-64-characters-name-of-more-than-64-charac…"
    )]
    public async Task An_outage_of_one_tenants_tokens_names_the_tenant_and_so_does_its_end(string name, string shown)
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _app.PostAsync("/t", name)).StatusCode);
            Assert.NotEqual("", await TokenAsync("acme")); // of another tenant: it ends no outage
        }
        Assert.Empty(_app.Logs.Messages(511));
        _isRowMended = true;
        await ForgetAsync(name);
        Assert.NotEqual("", await TokenAsync(name));

        Assert.StartsWith(
            $"Browsers and apps get no Speech token from token provider 'customers' for tenant '{shown}'; more failures of this outage are not logged. "
                + "Azure Speech refused ",
            Assert.Single(_app.Logs.Messages(510)),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [$"Browsers and apps get Speech tokens from token provider 'customers' for tenant '{shown}' again."],
            _app.Logs.Messages(511)
        );
    }

    [Fact]
    public async Task Thousands_of_tenants_whose_tokens_fail_fill_neither_the_log_nor_the_memory()
    {
        for (var i = 0; i < 150; i++)
            using (await _app.PostAsync("/t", $"wrong-key-{i}"))
                continue;

        Assert.Equal(100, _app.Logs.Messages(510).Count());
    }

    [Fact]
    public async Task An_exception_of_the_choice_of_tenant_is_the_applications_own()
    {
        using var response = await _app.PostAsync("/t", "throws");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(_app.Logs.Messages(512));
    }

    [Fact]
    public async Task A_tenant_that_was_forgotten_is_resolved_anew()
    {
        var before = await TokenAsync("acme");

        await ForgetAsync("acme");
        var after = await TokenAsync("acme");

        Assert.NotEqual(before, after);
        Assert.Equal(2, _app.Emulator.Ledger.IssueTokenCalls);
    }

    private static string NotResolved(string name, string cause) =>
        $"A caller gets no Speech token from token provider 'customers': its resolver failed for tenant '{name}'; more failures of this outage are "
        + $"not logged. {cause}";

    private static string? TenantOf(Microsoft.AspNetCore.Http.HttpContext context) =>
        context.User.Identity?.Name is "throws"
            ? throw new InvalidOperationException("own words")
            : context.User.Identity?.Name;

    private async Task ForgetAsync(string name) =>
        await _app
            .Services.GetRequiredService<ITokenTenants>()
            .ForgetAsync("customers", name, cancellationToken: Cancel);

    private AzureSpeechOptions? Find(string tenant, TokenServiceEmulator acme) =>
        tenant switch
        {
            "acme" => Options(acme, acme.AzureSpeech.PrimaryKey),
            "globex" => Options(_globex, _globex.AzureSpeech.PrimaryKey),
            "manages" => Options(acme, acme.AzureSpeech.PrimaryKey, "speechservicesmanagement"),
            "broken-row" or "comes-and-goes" when _isRowMended => Options(acme, acme.AzureSpeech.PrimaryKey),
            "no-key" => Options(acme, ""),
            _ when tenant.StartsWith("wrong-key", StringComparison.Ordinal) => Options(
                acme,
                _isRowMended ? acme.AzureSpeech.PrimaryKey : "a-key-with-a-typing-error"
            ),
            "foreign-options" => throw new OptionsValidationException("", typeof(string), ["'secret' is no key."]),
            _ when tenant.StartsWith("broken-", StringComparison.Ordinal) => throw new InvalidDataException(
                "The row has no key, but 'secret'."
            ),
            _ => null,
        };

    private static AzureSpeechOptions Options(TokenServiceEmulator resource, string key, string? scope = null) =>
        new()
        {
            TokenEndpoint = resource.AzureTokenEndpoint,
            SubscriptionKey = key,
            Scope = scope,
        };

    private async Task<string> TokenAsync(string name)
    {
        using var response = await _app.PostAsync("/t", name);
        response.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));

        return json.RootElement.GetProperty("token").GetString()!;
    }

    private static async Task<HttpStatusCode> SpeakAsync(Uri service, string token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, service);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("X-Microsoft-OutputFormat", "riff-16khz-16bit-mono-pcm");
        request.Headers.Add("User-Agent", "tests");
        request.Content = new StringContent(
            """<speak version="1.0" xml:lang="en-US"><voice name="en-US-AvaMultilingualNeural">one</voice></speak>""",
            null,
            "application/ssml+xml"
        );
        using var response = await client.SendAsync(request, Cancel);

        return response.StatusCode;
    }
}
