using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using TokenAuth.Tests.Architecture;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechHostTests : IDisposable
{
    private const string Management = "speechservicesmanagement";

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;

    public AzureSpeechHostTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _endpoint.Answers(() => ScriptedEndpoint.Text(Jwt.ThatExpires(_time.GetUtcNow() + TimeSpan.FromMinutes(10))));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _endpoint.Dispose();

    // A setting, a host, and which credentials it takes: a key, a token, a token with the management scope.
    public static TheoryData<string, string, string> Table =>
        new()
        {
            { "westeurope", "westeurope.stt.speech.microsoft.com", "key token management" },
            { "westeurope", "westeurope.tts.speech.microsoft.com", "key token management" },
            { "westeurope", "westeurope.s2s.speech.microsoft.com", "key token management" },
            { "westeurope", "westeurope.voice.speech.microsoft.com", "key token management" },
            { "westeurope", "westeurope.api.cognitive.microsoft.com", "key management" },
            { "westeurope", "northeurope.stt.speech.microsoft.com", "" },
            { "westeurope", "northeurope.api.cognitive.microsoft.com", "" },
            { "westeurope", "mine.cognitiveservices.azure.com", "" },
            { "westeurope", "westeurope.api.cognitive.microsoft.us", "" },
            { "westeurope", "results.blob.core.windows.net", "" },
            { "usgovvirginia", "usgovvirginia.stt.speech.azure.us", "key token management" },
            { "usgovvirginia", "usgovvirginia.tts.speech.azure.us", "key token management" },
            { "usgovvirginia", "usgovvirginia.api.cognitive.microsoft.us", "key management" },
            { "usgovvirginia", "usgovvirginia.stt.speech.microsoft.com", "" },
            { "usgovvirginia", "usgovvirginia.api.cognitive.microsoft.com", "" },
            { "chinaeast2", "chinaeast2.stt.speech.azure.cn", "key token management" },
            { "chinaeast2", "chinaeast2.tts.speech.azure.cn", "key token management" },
            { "chinaeast2", "chinaeast2.api.cognitive.azure.cn", "key management" },
            { "chinaeast2", "chinaeast2.stt.speech.microsoft.com", "" },
            { "https://mine.cognitiveservices.azure.com/", "mine.cognitiveservices.azure.com", "key token management" },
            { "https://mine.cognitiveservices.azure.com/", "mine.services.ai.azure.com", "key token management" },
            { "https://mine.cognitiveservices.azure.com/", "yours.cognitiveservices.azure.com", "" },
            { "https://mine.cognitiveservices.azure.com/", "mine.cognitiveservices.azure.us", "" },
            { "https://mine.cognitiveservices.azure.com/", "westeurope.stt.speech.microsoft.com", "" },
            { "https://mine.cognitiveservices.azure.com/", "mine.blob.core.windows.net", "" },
            { "https://mine.services.ai.azure.com/", "mine.services.ai.azure.com", "key token management" },
            { "https://mine.services.ai.azure.com/", "mine.cognitiveservices.azure.com", "key token management" },
            { "https://mine.cognitiveservices.azure.us/", "mine.cognitiveservices.azure.us", "key token management" },
            { "https://mine.cognitiveservices.azure.us/", "mine.services.ai.azure.us", "" },
            { "https://mine.cognitiveservices.azure.cn/", "mine.cognitiveservices.azure.cn", "key token management" },
            { "https://mine.cognitiveservices.azure.cn/", "mine.services.ai.azure.com", "" },
            { "https://gateway/", "gateway", "key token management" }, // a bare name, as inside a cluster
            { "https://gateway/", "gateway:8443", "" },
            { "https://gateway:8443/", "gateway:8443", "key token management" },
            { "https://localhost/", "localhost", "key token management" },
            { "https://mine.example.com./", "mine.example.com", "key token management" },
            { "https://mine.example.com.:8443/", "mine.example.com:8443", "key token management" },
            {
                "https://westeurope.stt.speech.microsoft.com/",
                "westeurope.stt.speech.microsoft.com",
                "key token management"
            },
            {
                "https://westeurope.api.cognitive.microsoft.com/",
                "westeurope.api.cognitive.microsoft.com",
                "key management"
            },
            {
                "https://westeurope.api.cognitive.microsoft.com/",
                "westeurope.tts.speech.microsoft.com",
                "key token management"
            },
        };

    [Fact]
    public void The_pages_name_no_host_that_the_table_does_not()
    {
        var tested = Table
            .Cast<ITheoryDataRow>()
            .Select(row => (string)row.GetData()[1]!)
            .ToHashSet(StringComparer.Ordinal);
        string[] pages =
        [
            Path.Combine(RepositoryRoot.Path, "README.md"),
            .. Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md"),
            .. Directory
                .GetDirectories(Path.Combine(RepositoryRoot.Path, "src"))
                .Select(it => Path.Combine(it, "README.md")),
        ];
        var named = pages
            .Where(File.Exists)
            .SelectMany(page => AzureHost.Matches(File.ReadAllText(page)))
            .Select(match => Tested(match.Groups["end"].Value))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.Contains("mine.cognitiveservices.azure.com", named);
        Assert.All(named, host => Assert.Contains(host, tested));
    }

    // Whatever the page has in the place of the region or of the resource's name.
    private static string Tested(string end) =>
        end.StartsWith(".cognitiveservices", StringComparison.Ordinal)
        || end.StartsWith(".services.ai", StringComparison.Ordinal)
            ? "mine" + end
        : end.EndsWith(".us", StringComparison.Ordinal) ? "usgovvirginia" + end
        : end.EndsWith(".cn", StringComparison.Ordinal) ? "chinaeast2" + end
        : "westeurope" + end;

    private static Regex AzureHost { get; } =
        new(
            @"[a-z0-9>*…](?<end>\.(?:(?:stt|tts|s2s|voice)\.speech\.(?:microsoft\.com|azure\.(?:us|cn))|api\.cognitive\.(?:microsoft\.(?:com|us)|azure\.cn)"
                + @"|cognitiveservices\.azure\.(?:com|us|cn)|services\.ai\.azure\.(?:com|us|cn)))\b"
        );

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_host_receives_the_credentials_that_it_takes(string setting, string host, string takes)
    {
        foreach (var credential in new[] { "key", "token", "management" })
        {
            using var provider = new AzureSpeechTokenProvider(
                Options(setting, credential == "management" ? Management : null),
                _endpoint.Client,
                _time
            );
            var primary = new StubPrimaryHandler(200);
            using var client = new HttpClient(AnyHandler.Of(credential == "key" ? "Key" : "Bearer", provider, primary));

            await AssertReceivesAsync(client, host, primary, takes.Split(' ').Contains(credential));
        }
    }

    [Theory]
    [InlineData("westeurope", "westeurope.api.cognitive.microsoft.com")]
    [InlineData("usgovvirginia", "usgovvirginia.api.cognitive.microsoft.us")]
    [InlineData("chinaeast2", "chinaeast2.api.cognitive.azure.cn")]
    public async Task For_the_host_that_takes_no_usual_token_the_list_is_no_remedy(string region, string host)
    {
        using var provider = new AzureSpeechTokenProvider(Options(region, scope: null), _endpoint.Client, _time);
        using var client = new HttpClient(AnyHandler.Of("Bearer", provider, new StubPrimaryHandler(200)));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.GetAsync(new Uri($"https://{host}/speechtotext/transcriptions"), Cancel)
        );

        Assert.Equal(
            $"BearerTokenHandler sends no credential to 'https://{host}': that host takes a subscription key (AddSubscriptionKey, "
                + "SubscriptionKeyHandler), and a token of issueToken only where the provider's Scope is 'speechservicesmanagement'. Send the key, or set Scope.",
            error.Message
        );
    }

    // The same over the container, whose provider may change its options at run time.
    [Theory]
    [InlineData("westeurope.stt.speech.microsoft.com", true)]
    [InlineData("westeurope.api.cognitive.microsoft.com", false)]
    public async Task In_a_container_too(string host, bool takesTokens)
    {
        var (bearer, key) = (new StubPrimaryHandler(200), new StubPrimaryHandler(200));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services
            .AddTokenAuth()
            .AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("westeurope", "the-key"))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => _endpoint.Handler));
        services.AddHttpClient("bearer").AddBearerToken("speech").ConfigurePrimaryHttpMessageHandler(() => bearer);
        services.AddHttpClient("key").AddSubscriptionKey("speech").ConfigurePrimaryHttpMessageHandler(() => key);
        await using var container = services.BuildServiceProvider();
        var clients = container.GetRequiredService<IHttpClientFactory>();

        await AssertReceivesAsync(clients.CreateClient("bearer"), host, bearer, takesTokens);
        await AssertReceivesAsync(clients.CreateClient("key"), host, key, receives: true);
    }

    private static async Task AssertReceivesAsync(
        HttpClient client,
        string host,
        StubPrimaryHandler primary,
        bool receives
    )
    {
        var address = new Uri($"https://{host}/speech");

        if (receives)
        {
            await client.GetAsync(address, Cancel);
            Assert.Single(primary.Received);
            return;
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetAsync(address, Cancel));
        Assert.Empty(primary.Received);
    }

    private static AzureSpeechOptions Options(string setting, string? scope)
    {
        var options = new AzureSpeechOptions { SubscriptionKey = "the-key", Scope = scope };
        if (setting.Contains(':', StringComparison.Ordinal))
            options.Endpoint = new Uri(setting);
        else
            options.Region = setting;

        return options;
    }
}
