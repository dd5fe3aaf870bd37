// Azure AI Speech: text to speech into a WAV file, the file back to text in chunks while it is read, and a recognizer that always has
// a good token.
//
//   dotnet run --project samples/AzureSpeech              against the emulator, offline
//   dotnet run --project samples/AzureSpeech -- --live    against Azure, with TokenAuth__speech__Region and
//                                                         TokenAuth__speech__SubscriptionKey in the environment or user secrets
//   dotnet run --project samples/AzureSpeech -- --entra   with Microsoft Entra in place of the key; --entra --live wants
//                                                         TokenAuth__speech__Region and TokenAuth__speech__ResourceId
//
// Packages: TokenAuth, TokenAuth.Azure, TokenAuth.Testing, Azure.Identity, Microsoft.Extensions.DependencyInjection, and of
// Microsoft.Extensions.Configuration EnvironmentVariables and UserSecrets.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth;
using TokenAuth.Testing;

await using var emulator = args.Contains("--live") ? null : await TokenServiceEmulator.StartAsync();
var settings = new ConfigurationManager();
settings["TokenAuth:speech:Provider"] = args.Contains("--entra") ? "AzureSpeechEntra" : "AzureSpeech";
if (emulator is null)
{
    settings.AddUserSecrets<Program>().AddEnvironmentVariables();
}
else if (args.Contains("--entra"))
{
    settings["TokenAuth:speech:ResourceId"] = emulator.Options.AzureSpeech.ResourceId;
    settings["TokenAuth:speech:Endpoint"] = emulator.BaseAddress.AbsoluteUri;
}
else
{
    settings["TokenAuth:speech:SubscriptionKey"] = emulator.AzureSpeech.PrimaryKey;
    settings["TokenAuth:speech:TokenEndpoint"] = emulator.AzureTokenEndpoint.AbsoluteUri;
}

// The application's part.
var services = new ServiceCollection();
services
    .AddTokenAuth(settings.GetSection("TokenAuth"))
    .UseAzureCredential(_ => emulator is null ? new DefaultAzureCredential() : EmulatedCredential(emulator));
services
    .AddHttpClient("Tts", http => http.BaseAddress = emulator?.AzureTtsAddress ?? Azure("tts", "cognitiveservices/v1"))
    .AddBearerToken("speech");
services
    .AddHttpClient(
        "Stt",
        http =>
            http.BaseAddress =
                emulator?.AzureSttAddress ?? Azure("stt", "speech/recognition/conversation/cognitiveservices/v1")
    )
    .AddBearerToken("speech");
await using var provider = services.BuildServiceProvider();
var clients = provider.GetRequiredService<IHttpClientFactory>();

var file = Path.Combine(Path.GetTempPath(), "tokenauth-azure.wav");
await SynthesizeAsync("The last token class you need.", file);
Console.WriteLine($"synthesized  {new FileInfo(file).Length:N0} bytes of speech into {file}");
Console.WriteLine($"recognized   {await RecognizeAsync(file)}");

// An object that copies the token, as the Speech SDK's recognizers do, is given each new one, also while nobody makes a request.
var recognizer = new SpeechRecognizer();
var speech = provider.GetRequiredKeyedService<ITokenProvider>("speech");
using var feeding = speech.KeepFresh(token => recognizer.AuthorizationToken = token.Value);
Console.WriteLine($"recognizer   has a token of {recognizer.AuthorizationToken.Length} characters");
return recognizer.AuthorizationToken.Length > 0 ? 0 : 1;

// POST https://<region>.tts.speech.microsoft.com/cognitiveservices/v1
async Task SynthesizeAsync(string text, string wave)
{
    using var request = new HttpRequestMessage(HttpMethod.Post, "");
    request.Headers.Add("X-Microsoft-OutputFormat", "riff-16khz-16bit-mono-pcm");
    request.Headers.Add("User-Agent", "TokenAuth-Sample");
    request.Content = new StringContent(
        $"""<speak version="1.0" xml:lang="en-US"><voice name="en-US-AvaMultilingualNeural">{text}</voice></speak>""",
        Encoding.UTF8,
        "application/ssml+xml"
    );
    using var response = await clients.CreateClient("Tts").SendAsync(request);
    response.EnsureSuccessStatusCode();
    await using var target = File.Create(wave);
    await response.Content.CopyToAsync(target);
}

// POST https://<region>.stt.speech.microsoft.com/speech/recognition/conversation/cognitiveservices/v1?language=en-US
// As Azure recommends: chunks of 1024 bytes, and none before the service has said that it will take them.
async Task<string> RecognizeAsync(string wave)
{
    await using var source = File.OpenRead(wave);
    using var request = new HttpRequestMessage(HttpMethod.Post, "?language=en-US");
    request.Headers.Accept.ParseAdd("application/json");
    request.Headers.ExpectContinue = true;
    request.Headers.TransferEncodingChunked = true;
    request.Content = new StreamContent(source, bufferSize: 1024);
    request.Content.Headers.TryAddWithoutValidation("Content-Type", "audio/wav; codecs=audio/pcm; samplerate=16000");
    using var response = await clients.CreateClient("Stt").SendAsync(request);
    response.EnsureSuccessStatusCode();
    return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("DisplayText").GetString()!;
}

Uri Azure(string function, string path) =>
    new($"https://{settings["TokenAuth:speech:Region"]}.{function}.speech.microsoft.com/{path}");

// In place of Azure.Identity's credentials, offline.
TokenCredential EmulatedCredential(TokenServiceEmulator emulator) =>
    DelegatedTokenCredential.Create(
        (_, _) => new(emulator.AzureSpeech.CreateEntraToken(), DateTimeOffset.UtcNow.AddHours(1))
    );

// Has the shape of Microsoft.CognitiveServices.Speech.SpeechRecognizer, so that this file needs no native library.
internal sealed class SpeechRecognizer
{
    public string AuthorizationToken { get; set; } = "";
}
