// The main job of TokenAuth over real sockets: four services of two vendors, each request with a good credential.
//
//   dotnet run --project samples/Quickstart              against the emulator, offline
//   dotnet run --project samples/Quickstart -- --live    the first calls against the real services, with TokenAuth__voice__ClientId,
//                                                        TokenAuth__voice__ClientSecret, TokenAuth__vision__…, TokenAuth__speech__Region,
//                                                        TokenAuth__speech__SubscriptionKey in the environment or in user secrets
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth;
using TokenAuth.Testing;

var isLive = args.Contains("--live");
var configuration = new ConfigurationManager();
var services = new ServiceCollection().AddLogging();
var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
TokenServiceEmulator? emulator = null;
configuration["TokenAuth:voice:Provider"] = "VkCloud";
configuration["TokenAuth:vision:Provider"] = "VkCloud";
configuration["TokenAuth:speech:Provider"] = "AzureSpeech";

if (isLive)
{
    configuration.AddUserSecrets<Program>().AddEnvironmentVariables();
}
else
{
    emulator = await TokenServiceEmulator.StartAsync(new TokenServiceEmulatorOptions { TimeProvider = clock });
    configuration.AddInMemoryCollection(SettingsOf(emulator));
    services.AddSingleton<TimeProvider>(clock);
}

// ---- What an application writes -----------------------------------------------------------------------------------------------
services.AddTokenAuth(configuration.GetSection("TokenAuth"));
services
    .AddHttpClient("Voice", http => http.BaseAddress = emulator?.VoiceAddress ?? new("https://voice.mcs.mail.ru/"))
    .AddBearerToken("voice");
services
    .AddHttpClient(
        "Vision",
        http => http.BaseAddress = emulator?.VisionAddress ?? new("https://smarty.mail.ru/api/v1/")
    )
    .AddOAuthTokenQuery("vision");
services
    .AddHttpClient(
        "Stt",
        http =>
            http.BaseAddress =
                emulator?.AzureSttAddress ?? Azure("stt", "speech/recognition/conversation/cognitiveservices/v1")
    )
    .AddBearerToken("speech");
services
    .AddHttpClient("Tts", http => http.BaseAddress = emulator?.AzureTtsAddress ?? Azure("tts", "cognitiveservices/v1"))
    .AddSubscriptionKey("speech");

// -------------------------------------------------------------------------------------------------------------------------------

await using var provider = services.BuildServiceProvider();
var clients = provider.GetRequiredService<IHttpClientFactory>();
var (calls, failures) = (0, 0);

Console.WriteLine(isLive ? "The real services:" : $"The emulator on {emulator!.BaseAddress}:");
var speech = await SynthesizeAsync();
var wave = Path.Combine(Path.GetTempPath(), "tokenauth-quickstart.wav");
await File.WriteAllBytesAsync(wave, speech);
Console.WriteLine($"  Azure TTS      {speech.Length:N0} bytes of speech -> {wave}");
Console.WriteLine($"  Azure STT      \"{await TranscribeAsync(speech)}\"");
Console.WriteLine($"  VK Voice       \"{await RecognizeAsync()}\"");
Console.WriteLine($"  VK Vision      {await DetectAsync()}");

if (emulator is null)
    return failures == 0 ? 0 : 1;

using var stopping = new CancellationTokenSource();
var ticking = TickAsync(stopping.Token);

Progress("50 callers, 1 000 calls; the tokens are revoked in the middle");
var revoked = 0;
await Task.WhenAll(
    Enumerable
        .Range(0, 50)
        .Select(async caller =>
        {
            for (var i = 0; i < 20; i++)
            {
                await CallAsync(caller + i);
                if (caller == 0 && i == 10)
                    revoked = emulator.RevokeAccessTokens();
            }
        })
);

// A quarter of a minute at a time. Azure's token service is down while its token is renewed early, VK's for eleven minutes.
var down = TokenServiceFault.Status(System.Net.HttpStatusCode.ServiceUnavailable);
for (var quarter = 0; quarter < 240; quarter++)
{
    var minute = quarter / 4;
    if (quarter % 40 == 0)
        Progress($"an hour passes: minute {minute}");
    if (minute == 7 && quarter % 4 == 0)
        emulator.Faults.Always(TokenServiceEndpoint.AzureToken, down);
    if (minute == 7 && quarter % 4 == 3)
        emulator.Faults.Clear(TokenServiceEndpoint.AzureToken);
    if (minute == 42 && quarter % 4 == 0)
        emulator.Faults.Always(TokenServiceEndpoint.VkToken, down);
    if (minute == 53 && quarter % 4 == 0)
        emulator.Faults.Clear(TokenServiceEndpoint.VkToken);

    clock.Advance(TimeSpan.FromSeconds(15));
    await Task.WhenAll(Enumerable.Range(0, 4).Select(CallAsync));
    await Task.Delay(TimeSpan.FromMilliseconds(5)); // lets early renewals finish: the clock jumps, sockets do not
}

Progress("done\n");
await stopping.CancelAsync();
await ticking;

var ledger = emulator.Ledger;
var oldestAzure = Oldest(TokenServiceEndpoint.AzureStt, TokenServiceEndpoint.AzureTts);
var oldestVk = Oldest(TokenServiceEndpoint.VkVoice, TokenServiceEndpoint.VkVision);
Row("calls", $"{calls:N0}");
Row("failed calls", $"{failures:N0}");
Row("tokens revoked under way", $"{revoked}");
Row("rejections healed", $"{ledger.DataCallsRejected}");
Row("VK client_credentials calls", $"{ledger.ClientCredentialsCalls}");
Row("VK refresh_token calls", $"{ledger.RefreshTokenCalls}");
Row(
    "VK refresh tokens spent",
    string.Join(", ", ledger.Clients.Select(client => $"{client.Key}: {client.Value.RefreshTokensMinted}"))
);
Row("Azure issueToken calls", $"{ledger.IssueTokenCalls}");
Row("oldest VK token handed out", $"{oldestVk:mm\\:ss} of 60:00");
Row("oldest Azure token handed out", $"{oldestAzure:mm\\:ss} of 10:00");
await emulator.DisposeAsync();

var asPromised =
    failures == 0
    && ledger.Clients.Values.All(client => client.RefreshTokensMinted == 1)
    && oldestAzure < TimeSpan.FromMinutes(9) + TimeSpan.FromSeconds(1); // measured where the request arrives, not where it left
Console.WriteLine(asPromised ? "\nAs promised." : "\nNot as promised.");
return asPromised ? 0 : 1;

async Task CallAsync(int kind)
{
    Interlocked.Increment(ref calls);
    try
    {
        await (
            (kind % 4) switch
            {
                0 => RecognizeAsync(),
                1 => DetectAsync(),
                2 => TranscribeAsync(speech),
                _ => (Task)SynthesizeAsync(),
            }
        );
    }
    catch (Exception exception)
    {
        if (Interlocked.Increment(ref failures) <= 3)
            Console.Error.WriteLine(exception.Message);
    }
}

// POST https://voice.mcs.mail.ru/asr
async Task<string> RecognizeAsync()
{
    using var audio = new ByteArrayContent(Tone(TimeSpan.FromSeconds(1)));
    audio.Headers.ContentType = new MediaTypeHeaderValue("audio/wave");
    using var response = await clients.CreateClient("Voice").PostAsync("asr", audio);
    response.EnsureSuccessStatusCode();
    var reply = await response.Content.ReadFromJsonAsync<JsonElement>();
    return reply.GetProperty("result").GetProperty("texts")[0].GetProperty("text").GetString()!;
}

// POST https://smarty.mail.ru/api/v1/objects/detect
async Task<string> DetectAsync()
{
    using var form = new MultipartFormDataContent
    {
        {
            new StringContent(
                """{"mode":["object"],"images":[{"name":"file_0"}]}""",
                Encoding.UTF8,
                "application/json"
            ),
            "meta"
        },
        { new ByteArrayContent(Picture()), "file_0", "picture.png" },
    };
    using var response = await clients.CreateClient("Vision").PostAsync("objects/detect", form);
    response.EnsureSuccessStatusCode();
    var reply = await response.Content.ReadFromJsonAsync<JsonElement>();
    var status = reply.GetProperty("status").GetInt32();
    return status == 200
        ? $"status {status}"
        : throw new HttpRequestException($"Vision answered with status {status}.");
}

// POST https://<region>.tts.speech.microsoft.com/cognitiveservices/v1
async Task<byte[]> SynthesizeAsync()
{
    using var request = new HttpRequestMessage(HttpMethod.Post, "");
    request.Content = new StringContent(
        """<speak version="1.0" xml:lang="en-US"><voice name="en-US-JennyNeural">The last token class you need.</voice></speak>""",
        Encoding.UTF8,
        "application/ssml+xml"
    );
    request.Headers.Add("X-Microsoft-OutputFormat", "riff-16khz-16bit-mono-pcm");
    request.Headers.Add("User-Agent", "TokenAuth-Quickstart");
    using var response = await clients.CreateClient("Tts").SendAsync(request);
    response.EnsureSuccessStatusCode();
    return await response.Content.ReadAsByteArrayAsync();
}

// POST https://<region>.stt.speech.microsoft.com/speech/recognition/conversation/cognitiveservices/v1?language=en-US
async Task<string> TranscribeAsync(byte[] audio)
{
    using var request = new HttpRequestMessage(HttpMethod.Post, "?language=en-US");
    request.Content = new StreamContent(new MemoryStream(audio), bufferSize: 1024);
    request.Content.Headers.TryAddWithoutValidation("Content-Type", "audio/wav; codecs=audio/pcm; samplerate=16000");
    request.Headers.TransferEncodingChunked = true;
    using var response = await clients.CreateClient("Stt").SendAsync(request);
    response.EnsureSuccessStatusCode();
    return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("DisplayText").GetString()!;
}

Uri Azure(string function, string path) =>
    new($"https://{configuration["TokenAuth:speech:Region"]}.{function}.speech.microsoft.com/{path}");

TimeSpan Oldest(params TokenServiceEndpoint[] endpoints) =>
    endpoints.Max(endpoint => ledger.Endpoints[endpoint].OldestTokenAge);

// Between its jumps the manual clock keeps pace with the real one, so that time-outs and delays work as ever.
async Task TickAsync(CancellationToken stop)
{
    using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
    while (!stop.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
        clock.Advance(TimeSpan.FromMilliseconds(10));
}

static Dictionary<string, string?> SettingsOf(TokenServiceEmulator emulator) =>
    new()
    {
        ["TokenAuth:voice:ClientId"] = VkCloudClient.Voice.ClientId,
        ["TokenAuth:voice:ClientSecret"] = VkCloudClient.Voice.ClientSecret,
        ["TokenAuth:voice:TokenEndpoint"] = emulator.VkTokenEndpoint.AbsoluteUri,
        ["TokenAuth:vision:ClientId"] = VkCloudClient.Vision.ClientId,
        ["TokenAuth:vision:ClientSecret"] = VkCloudClient.Vision.ClientSecret,
        ["TokenAuth:vision:TokenEndpoint"] = emulator.VkTokenEndpoint.AbsoluteUri,
        ["TokenAuth:speech:SubscriptionKey"] = emulator.Options.AzureSpeech.PrimaryKey,
        ["TokenAuth:speech:TokenEndpoint"] = emulator.AzureTokenEndpoint.AbsoluteUri,
    };

static void Progress(string what) => Console.WriteLine($"... {what}");

static void Row(string name, string value) => Console.WriteLine($"  {name, -32}{value}");

// A WAV file: 440 Hz, 16 kHz, 16 bit, mono.
static byte[] Tone(TimeSpan length)
{
    const int rate = 16_000;
    var samples = (int)(rate * length.TotalSeconds);
    using var file = new MemoryStream();
    using var writer = new BinaryWriter(file);
    writer.Write("RIFF"u8);
    writer.Write(36 + (samples * 2));
    writer.Write("WAVEfmt "u8);
    writer.Write(16);
    writer.Write((short)1);
    writer.Write((short)1);
    writer.Write(rate);
    writer.Write(rate * 2);
    writer.Write((short)2);
    writer.Write((short)16);
    writer.Write("data"u8);
    writer.Write(samples * 2);
    for (var i = 0; i < samples; i++)
        writer.Write((short)(short.MaxValue / 2 * Math.Sin(2 * Math.PI * 440 * i / rate)));
    return file.ToArray();
}

// A PNG of 8 by 8 pixels.
static byte[] Picture() =>
    Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAbElEQVR42hXNQRUAUQhCUaMYhShGeVGIQhSizB+XXA7ODDtouIHBQ4YOM8suWm"
            + "5h8ZKl+0CskDiBsIioHhx76LiDw0eO3oN/4FVf+J8h0PduzBqZ8x/bxNQPwgaFy192SGgelC0q13/CJaXlA8Z7WAFXOTbyAAAAAElFTkSuQmCC"
    );
