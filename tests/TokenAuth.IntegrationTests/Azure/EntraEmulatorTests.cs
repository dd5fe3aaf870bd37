using System.Net;
using System.Text;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using EntraToken = Azure.Core.AccessToken;

namespace TokenAuth.IntegrationTests.Azure;

/// <summary>Microsoft Entra's tokens in each form, at each kind of endpoint, over sockets.</summary>
public sealed class EntraEmulatorTests : IAsyncLifetime
{
    private const string Ssml =
        """<speak version="1.0" xml:lang="en-US"><voice name="en-US-AvaMultilingualNeural">Hello</voice></speak>""";

    private TokenServiceEmulator _emulator = null!;
    private string _entraToken = "";
    private int _asked;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await TokenServiceEmulator.StartAsync(cancellationToken: Cancel);
        _entraToken = _emulator.AzureSpeech.CreateEntraToken();
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    // Azure's table of 2026: which form is taken where.
    [Theory]
    [InlineData(EntraTokenForm.Composite, HttpStatusCode.OK, HttpStatusCode.Unauthorized)]
    [InlineData(EntraTokenForm.Plain, HttpStatusCode.Unauthorized, HttpStatusCode.OK)]
    [InlineData(EntraTokenForm.Exchanged, HttpStatusCode.OK, HttpStatusCode.OK)]
    public async Task A_form_is_taken_where_Azure_takes_it(
        EntraTokenForm form,
        HttpStatusCode synthesis,
        HttpStatusCode transcriptions
    )
    {
        Assert.Equal(synthesis, await OnceAsync(form, SpeakAsync));
        Assert.Equal(
            transcriptions,
            await OnceAsync(
                form,
                async client =>
                    (
                        await client.GetAsync(new Uri(_emulator.BaseAddress, "speechtotext/transcriptions"), Cancel)
                    ).StatusCode
            )
        );
    }

    [Fact]
    public async Task Fifty_requests_are_one_call_of_the_credential_and_a_lost_role_is_one_more()
    {
        await using var services = Services(EntraTokenForm.Composite);
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("speech");

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SpeakAsync(client)));
        Assert.Equal(1, _asked);

        _emulator.AzureSpeech.RevokeEntraToken(_entraToken);
        _entraToken = _emulator.AzureSpeech.CreateEntraToken();
        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SpeakAsync(client)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_principal_without_a_role_gets_the_services_own_401()
    {
        _emulator.AzureSpeech.RevokeEntraToken(_entraToken);
        await using var services = Services(EntraTokenForm.Composite);
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("speech");

        Assert.Equal(HttpStatusCode.Unauthorized, await SpeakAsync(client));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task An_exchange_without_a_role_says_which_one()
    {
        _emulator.AzureSpeech.RevokeEntraToken(_entraToken);
        await using var services = Services(EntraTokenForm.Exchanged);

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await services.GetRequiredKeyedService<ITokenProvider>("speech").GetTokenAsync(Cancel)
        );

        Assert.Equal(HttpStatusCode.Unauthorized, failure.StatusCode);
        Assert.Contains(
            "has the role 'Cognitive Services Speech User' at the resource",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(_entraToken, failure.ToString(), StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> OnceAsync(EntraTokenForm form, Func<HttpClient, Task<HttpStatusCode>> send)
    {
        await using var services = Services(form);
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("speech");

        return await send(client);
    }

    private async Task<HttpStatusCode> SpeakAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _emulator.AzureTtsAddress)
        {
            Content = new StringContent(Ssml, Encoding.UTF8, "application/ssml+xml"),
            Headers = { { "X-Microsoft-OutputFormat", "riff-16khz-16bit-mono-pcm" } },
        };
        using var response = await client.SendAsync(request, Cancel);

        return response.StatusCode;
    }

    private ServiceProvider Services(EntraTokenForm form)
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddAzureSpeechEntra(
                "speech",
                o =>
                {
                    o.Endpoint = _emulator.BaseAddress;
                    o.ResourceId = _emulator.Options.AzureSpeech.ResourceId;
                    o.Form = form;
                }
            )
            .UseAzureCredential(_ =>
                DelegatedTokenCredential.Create(
                    (_, _) =>
                    {
                        Interlocked.Increment(ref _asked);
                        return new EntraToken(_entraToken, DateTimeOffset.UtcNow.AddHours(1));
                    }
                )
            );
        services.AddHttpClient("speech").AddBearerToken("speech");

        return services.BuildServiceProvider();
    }
}
