using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>A token for each caller's own tenant, over sockets: two resources, and callers whose tenant is in trouble.</summary>
public sealed class SpeechTokenTenantTests : IAsyncLifetime
{
    private TokenServiceEmulator _globex = null!;
    private SpeechApplication _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri AcmeSpeech => _app.Emulator.AzureTtsAddress;

    public async ValueTask InitializeAsync()
    {
        _globex = await TokenServiceEmulator.StartAsync(new() { TimeProvider = new ManualTimeProvider() }, Cancel);
        _globex.AzureSpeech.RegenerateKey(AzureSpeechKey.Primary); // another resource has other keys
        _app = await SpeechApplication.StartAsync(
            app =>
                app.MapSpeechToken("/t", "customers", o => o.Tenant = context => context.User.Identity?.Name)
                    .RequireAuthorization(),
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
    [InlineData("gone")]
    [InlineData("Acme")] // case counts
    [InlineData("")]
    public async Task A_caller_without_a_known_tenant_is_not_allowed(string name)
    {
        using var response = await _app.PostAsync("/t", name);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(
            "\"type\":\"urn:tokenauth:speech-token-not-allowed\"",
            await response.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("wrong-key")]
    [InlineData("broken-row")]
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

    [Fact]
    public async Task A_resolver_that_fails_is_logged_without_what_it_says()
    {
        using var response = await _app.PostAsync("/t", "broken-row");

        Assert.Equal(
            [
                "A caller gets no Speech token from token provider 'customers': the resolver of its tenants failed. InvalidDataException",
            ],
            _app.Logs.Messages(512)
        );
    }

    [Fact]
    public async Task A_tenant_that_was_forgotten_is_resolved_anew()
    {
        var before = await TokenAsync("acme");

        await _app
            .Services.GetRequiredService<ITokenTenants>()
            .ForgetAsync("customers", "acme", cancellationToken: Cancel);
        var after = await TokenAsync("acme");

        Assert.NotEqual(before, after);
        Assert.Equal(2, _app.Emulator.Ledger.IssueTokenCalls);
    }

    private AzureSpeechOptions? Find(string tenant, TokenServiceEmulator acme) =>
        tenant switch
        {
            "acme" => Options(acme, acme.AzureSpeech.PrimaryKey),
            "globex" => Options(_globex, _globex.AzureSpeech.PrimaryKey),
            "wrong-key" => Options(acme, "a-key-with-a-typing-error"),
            "manages" => Options(acme, acme.AzureSpeech.PrimaryKey, "speechservicesmanagement"),
            "broken-row" => throw new InvalidDataException("The row of broken-row has no key, but 'secret'."),
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
