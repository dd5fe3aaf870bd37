using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;

namespace TokenAuth.Tests.Azure;

/// <summary>Which host receives which form, in each cloud: through the handler, which decides.</summary>
public sealed class AzureSpeechEntraHostTests
{
    private const string ResourceId =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/mine";

    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // A region, a custom domain's end, a host, and the forms that it takes.
    public static TheoryData<string, string, string, string> Table =>
        new()
        {
            { "westeurope", "com", "westeurope.stt.speech.microsoft.com", "Composite Exchanged" },
            { "westeurope", "com", "westeurope.tts.speech.microsoft.com", "Composite Exchanged" },
            { "westeurope", "com", "westeurope.s2s.speech.microsoft.com", "Composite Exchanged" },
            { "westeurope", "com", "westeurope.voice.speech.microsoft.com", "Composite Exchanged" },
            { "westeurope", "com", "mine.cognitiveservices.azure.com", "Composite Exchanged Plain" },
            { "westeurope", "com", "mine.services.ai.azure.com", "Composite Exchanged Plain" },
            { "westeurope", "com", "westeurope.api.cognitive.microsoft.com", "" },
            { "westeurope", "com", "northeurope.tts.speech.microsoft.com", "" },
            { "westeurope", "com", "yours.cognitiveservices.azure.com", "" },
            { "westeurope", "com", "mine.cognitiveservices.azure.us", "" },
            { "westeurope", "com", "mine.blob.core.windows.net", "" },
            { "usgovvirginia", "us", "usgovvirginia.stt.speech.azure.us", "Composite Exchanged" },
            { "usgovvirginia", "us", "usgovvirginia.tts.speech.azure.us", "Composite Exchanged" },
            { "usgovvirginia", "us", "mine.cognitiveservices.azure.us", "Composite Exchanged Plain" },
            { "usgovvirginia", "us", "usgovvirginia.api.cognitive.microsoft.us", "" },
            { "usgovvirginia", "us", "mine.cognitiveservices.azure.com", "" },
            { "chinaeast2", "cn", "chinaeast2.stt.speech.azure.cn", "Composite Exchanged" },
            { "chinaeast2", "cn", "chinaeast2.tts.speech.azure.cn", "Composite Exchanged" },
            { "chinaeast2", "cn", "mine.cognitiveservices.azure.cn", "Composite Exchanged Plain" },
            { "chinaeast2", "cn", "chinaeast2.api.cognitive.azure.cn", "" },
            { "chinaeast2", "cn", "mine.services.ai.azure.com", "" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_host_receives_the_forms_that_it_takes(string region, string end, string host, string takes)
    {
        foreach (var form in Enum.GetValues<EntraTokenForm>())
        {
            using var exchange = new HttpClient(
                new OpaqueHandler(request => new() { RequestMessage = request, Content = new StringContent("a.b.c") })
            );
            using var provider = new AzureSpeechEntraTokenProvider(
                new AzureSpeechEntraOptions
                {
                    Region = region,
                    Endpoint = new Uri($"https://mine.cognitiveservices.azure.{end}/"),
                    ResourceId = ResourceId,
                    Form = form,
                },
                new ScriptedCredential(_time, "e.n.t1"),
                exchange,
                _time
            );
            var primary = new StubPrimaryHandler(200);
            using var client = new HttpClient(AnyHandler.Of("Bearer", provider, primary));
            var sending = client.GetAsync(new Uri($"https://{host}/speech"), Cancel);

            if (takes.Split(' ').Contains($"{form}", StringComparer.Ordinal))
                using (await sending)
                    Assert.Single(primary.Received);
            else
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => sending);
                Assert.Empty(primary.Received);
            }
        }
    }
}
