using System.Net;
using System.Net.Http.Headers;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechForeignRefusalTests : IDisposable
{
    private const string Regional = "https://westeurope.stt.speech.microsoft.com/speech";
    private const string Custom = "https://mine.cognitiveservices.azure.com/speech";

    private readonly RecordedLogs _logs = new();
    private readonly ScriptedEndpoint _endpoint = new(new ManualTimeProvider());
    private readonly List<AzureSpeechTokenProvider> _providers = [];

    public void Dispose()
    {
        _providers.ForEach(provider => provider.Dispose());
        _endpoint.Dispose();
    }

    [Theory]
    [InlineData(true, Regional, "westeurope.stt.speech.microsoft.com", "mine.cognitiveservices.azure.com")]
    [InlineData(false, Custom, "mine.cognitiveservices.azure.com", "westeurope.api.cognitive.microsoft.com")]
    [InlineData(
        false,
        "https://mine.services.ai.azure.com/speech",
        "mine.services.ai.azure.com",
        "westeurope.api.cognitive.microsoft.com"
    )]
    public async Task The_newer_token_that_is_refused_as_well_is_said_once_and_not_renewed(
        bool isOfCustomDomain,
        string address,
        string host,
        string issuer
    )
    {
        var provider = Provider(isOfCustomDomain);

        Assert.True(await IsRejectedAsync(provider, address, "token-1"));
        Assert.True(await IsRejectedAsync(provider, address, "token-1")); // sent at the same time
        Assert.False(await IsRejectedAsync(provider, address, "token-2"));
        Assert.False(await IsRejectedAsync(provider, address, "token-2"));
        Assert.False(await IsRejectedAsync(provider, address, "token-3"));

        Assert.Equal(
            [
                $"Warning 18: {host} refuses the tokens of provider 'speech', also one that {issuer} issued a moment ago: a token works only at the hosts of the "
                    + "kind that issued it, a region's or a custom domain's. Send the requests to the other kind, or let Endpoint or TokenEndpoint name the one that is "
                    + "used. No token is renewed for that host until it accepts one.",
            ],
            _logs.Warnings
        );
    }

    [Theory]
    [InlineData(true, Custom)]
    [InlineData(true, "https://localhost:5000/speech")]
    [InlineData(true, "https://gateway.example/speech")]
    [InlineData(false, Regional)]
    [InlineData(false, "https://westeurope.api.cognitive.microsoft.com/speechtotext")]
    public async Task At_the_family_that_issued_it_and_elsewhere_each_refusal_counts(
        bool isOfCustomDomain,
        string address
    )
    {
        var provider = Provider(isOfCustomDomain);

        for (var token = 1; token < 5; token++)
            Assert.True(await IsRejectedAsync(provider, address, $"token-{token}"));

        Assert.Empty(_logs.Warnings);
    }

    [Fact]
    public async Task A_token_that_is_accepted_makes_the_next_refusal_count_again()
    {
        var provider = Provider(isOfCustomDomain: true);
        await IsRejectedAsync(provider, Regional, "token-1");
        Assert.False(await IsRejectedAsync(provider, Regional, "token-2"));

        Assert.False(await IsRejectedAsync(provider, Regional, "token-2", HttpStatusCode.ServiceUnavailable)); // says nothing of the token
        Assert.False(await IsRejectedAsync(provider, Regional, "token-2"));
        Assert.False(await IsRejectedAsync(provider, Regional, "token-3", HttpStatusCode.OK));

        Assert.True(await IsRejectedAsync(provider, Regional, "token-3"));
    }

    [Fact]
    public async Task A_response_that_does_not_say_what_it_answers_is_judged_by_its_status()
    {
        var provider = Provider(isOfCustomDomain: true);

        for (var n = 0; n < 3; n++)
            Assert.True(
                await provider.IsRejectedAsync(
                    new HttpResponseMessage(HttpStatusCode.Unauthorized),
                    TestContext.Current.CancellationToken
                )
            );
    }

    [Fact]
    public async Task Thirty_requests_to_the_other_family_cost_one_renewal()
    {
        var issued = 0;
        _endpoint.Answer = (_, _) =>
            Task.FromResult(ScriptedEndpoint.Text(Jwt.ThatExpires(DateTimeOffset.UnixEpoch.AddYears(60), ++issued)));
        var primary = new StubPrimaryHandler(401);
        using var client = new HttpClient(AnyHandler.Of("Bearer", Provider(isOfCustomDomain: true), primary));

        for (var n = 0; n < 30; n++)
        {
            using var response = await client.GetAsync(new Uri(Regional), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal(2, issued);
        Assert.Single(_logs.Messages(18));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_that_a_handler_heals_makes_the_next_one_count_again(bool isWrapped)
    {
        var issued = 0;
        _endpoint.Answer = (_, _) =>
            Task.FromResult(ScriptedEndpoint.Text(Jwt.ThatExpires(DateTimeOffset.UnixEpoch.AddYears(60), ++issued)));
        ITokenProvider provider = Provider(isOfCustomDomain: true);
        if (isWrapped)
            provider = new WrappingProvider(provider);
        using var client = new HttpClient(
            AnyHandler.Of("Bearer", provider, new StubPrimaryHandler(401, 200, 401, 200))
        );

        for (var n = 0; n < 2; n++)
        {
            using var response = await client.GetAsync(new Uri(Regional), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(3, issued);
        Assert.Empty(_logs.Messages(18));
    }

    private AzureSpeechTokenProvider Provider(bool isOfCustomDomain)
    {
        var provider = new AzureSpeechTokenProvider(
            new AzureSpeechOptions
            {
                Region = "westeurope",
                Endpoint = isOfCustomDomain ? new Uri("https://mine.cognitiveservices.azure.com/") : null,
                SubscriptionKey = "the-key",
                ProviderName = "speech",
            },
            _endpoint.Client,
            loggerFactory: _logs
        );
        _providers.Add(provider);

        return provider;
    }

    private static async Task<bool> IsRejectedAsync(
        AzureSpeechTokenProvider provider,
        string address,
        string token,
        HttpStatusCode status = HttpStatusCode.Unauthorized
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = new HttpResponseMessage(status) { RequestMessage = request };

        return await provider.IsRejectedAsync(response, TestContext.Current.CancellationToken);
    }
}
