using Azure.Core;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.Azure;

public sealed class AsTokenCredentialTests
{
    private const string Speech = "https://cognitiveservices.azure.com/.default";

    private readonly CountingProvider _provider = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://cognitiveservices.azure.com/.default")]
    [InlineData("https://cognitiveservices.azure.us/.default")]
    [InlineData("https://cognitiveservices.azure.cn/.default")]
    [InlineData("https://ai.azure.com/.default")]
    public async Task It_serves_the_scopes_of_Azure_AI_services(string scope)
    {
        var token = await Credential.GetTokenAsync(new TokenRequestContext([scope]), Cancel);

        Assert.Equal(("a.b.c1", _provider.ExpiresAt), (token.Token, token.ExpiresOn));
        Assert.Equal("a.b.c1", Credential.GetToken(new TokenRequestContext([scope]), Cancel).Token);
    }

    [Theory]
    [InlineData("https://storage.azure.com/.default")]
    [InlineData("https://cognitiveservices.azure.com.evil.example/.default")]
    [InlineData("http://cognitiveservices.azure.com/.default")]
    [InlineData("cognitiveservices.azure.com")]
    public async Task It_refuses_any_other_by_its_name(string scope)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await Credential.GetTokenAsync(new TokenRequestContext([Speech, scope]), Cancel)
        );

        Assert.Equal(
            $"The counting provider was asked for a token of the scope '{scope}', and has only those of Azure AI services (https://cognitiveservices.azure.com/.default). Give the other client "
                + "a credential of its own.",
            error.Message
        );
        Assert.Equal(0, _provider.Invalidated);
    }

    [Fact]
    public async Task Claims_invalidate_first()
    {
        var token = await Credential.GetTokenAsync(new TokenRequestContext([Speech], claims: "{}"), Cancel);

        Assert.Equal(("a.b.c2", 1), (token.Token, _provider.Invalidated));
    }

    [Fact]
    public async Task A_composite_token_comes_plain()
    {
        _provider.Prefix = "aad#/subscriptions/s/accounts/a#";

        Assert.Equal("a.b.c1", (await Credential.GetTokenAsync(new TokenRequestContext([Speech]), Cancel)).Token);
    }

    [Theory]
    [InlineData("voice")]
    [InlineData("static")]
    [InlineData("wrapped")]
    public void It_refuses_a_provider_of_no_Azure_Speech_resource(string name)
    {
        using var services = new ServiceCollection()
            .AddTokenAuth()
            .AddVkCloud("voice", o => (o.ClientId, o.ClientSecret) = ("mcs1.voice.2", "the-client's-secret"))
            .AddStaticToken("static", "token")
            .Services.BuildServiceProvider();
        var provider =
            name == "wrapped"
                ? new WrappingProvider(services.GetRequiredKeyedService<ITokenProvider>("voice"))
                : services.GetRequiredKeyedService<ITokenProvider>(name);

        var error = Assert.Throws<ArgumentException>(provider.AsTokenCredential);

        Assert.Equal(
            $"{provider} says no Azure Speech resource that its tokens are for, and Azure must not be sent another vendor's token. Call AsTokenCredential on a provider of "
                + "AddAzureSpeechEntra or AddAzureSpeech, or let your own provider implement IAzureSpeechResource. (Parameter 'provider')",
            error.Message
        );
    }

    [Fact]
    public void It_takes_a_wrapped_provider_of_an_Azure_Speech_resource()
    {
        using var speech = new AzureSpeechTokenProvider(
            new AzureSpeechOptions
            {
                TokenEndpoint = new Uri("https://contoso.example/sts/v1.0/issueToken"), // says neither region nor domain
                SubscriptionKey = "00000000000000000000000000000001",
            }
        );
        using var wrapper = new WrappingProvider(speech);

        Assert.NotNull(wrapper.AsTokenCredential());
    }

    private TokenCredential Credential => _provider.AsTokenCredential();

    private sealed class CountingProvider : ITokenProvider, IAzureSpeechResource
    {
        public string? Region => "westeurope";

        public Uri? Endpoint => null;

        public bool GrantsServiceTokens => false;

        public DateTimeOffset ExpiresAt { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public string Prefix { get; set; } = "";

        public int Invalidated { get; private set; }

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            new(new AccessToken($"{Prefix}a.b.c{Invalidated + 1}", ExpiresAt));

        public void Invalidate(AccessToken rejected) => Invalidated++;

        public override string ToString() => "The counting provider";
    }
}
