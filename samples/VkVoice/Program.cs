// VK Cloud Voice: text to speech, speech to text, and recognition while somebody still speaks.
//
//   dotnet run --project samples/VkVoice              against the emulator, offline
//   dotnet run --project samples/VkVoice -- --live    against VK Cloud, with TokenAuth__voice__ClientId and
//                                                     TokenAuth__voice__ClientSecret in the environment or user secrets
//
// Packages: TokenAuth, TokenAuth.Testing, Microsoft.Extensions.DependencyInjection, and of Microsoft.Extensions.Configuration
// EnvironmentVariables and UserSecrets.
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

await using var emulator = args.Contains("--live") ? null : await TokenServiceEmulator.StartAsync();
var settings = new ConfigurationManager();
settings["TokenAuth:voice:Provider"] = "VkCloud";
if (emulator is null)
{
    settings.AddUserSecrets<Program>().AddEnvironmentVariables();
}
else
{
    settings["TokenAuth:voice:ClientId"] = VkCloudClient.Voice.ClientId;
    settings["TokenAuth:voice:ClientSecret"] = VkCloudClient.Voice.ClientSecret;
    settings["TokenAuth:voice:TokenEndpoint"] = emulator.VkTokenEndpoint.AbsoluteUri;
}

// The application's part.
var services = new ServiceCollection();
services.AddTokenAuth(settings.GetSection("TokenAuth"));
services
    .AddHttpClient("Voice", http => http.BaseAddress = emulator?.VoiceAddress ?? new("https://voice.mcs.mail.ru/"))
    .AddBearerToken("voice");
await using var provider = services.BuildServiceProvider();
var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("Voice");

var audio = await SynthesizeAsync("Добрый день! Чем могу помочь?");
Console.WriteLine($"synthesized  {audio.Length:N0} bytes of speech");
Console.WriteLine($"recognized   {await RecognizeAsync(audio)}");
Console.WriteLine($"streamed     {await RecognizeStreamAsync(audio)}");
return 0;

// POST https://voice.mcs.mail.ru/tts
async Task<byte[]> SynthesizeAsync(string text)
{
    using var content = new StringContent(text, Encoding.UTF8, "text/plain");
    using var response = await http.PostAsync("tts?encoder=pcm&model_name=katherine", content);
    response.EnsureSuccessStatusCode();
    return await response.Content.ReadAsByteArrayAsync();
}

// POST https://voice.mcs.mail.ru/asr
async Task<string> RecognizeAsync(byte[] wave)
{
    using var response = await http.PostAsync("asr", Wave(wave));
    var result = await ResultAsync(response);
    return result.GetProperty("texts")[0].GetProperty("punctuated_text").GetString()!;
}

// POST https://voice.mcs.mail.ru/asr_stream/… The access token opens a task; everything else carries the task's own token, which the
// handler leaves alone.
async Task<string> RecognizeStreamAsync(byte[] wave)
{
    using var created = await http.PostAsync("asr_stream/create_task", content: null);
    var task = await ResultAsync(created);
    var id = task.GetProperty("task_id").GetString()!;
    var token = task.GetProperty("task_token").GetString()!;

    var chunks = wave.Chunk(32_000).ToList();
    for (var number = 1; number <= chunks.Count; number++)
    {
        var last = number == chunks.Count ? "&last=1" : "";
        using var chunk = new HttpRequestMessage(
            HttpMethod.Post,
            $"asr_stream/add_chunk?task_id={id}&chunk_num={number}{last}"
        )
        {
            Content = Wave(chunks[number - 1]),
        };
        using var heard = await SendAsync(chunk, token);
        var text = (await ResultAsync(heard)).GetProperty("text").GetString();
        Console.WriteLine($"             {text}");
    }

    using var ask = new HttpRequestMessage(HttpMethod.Get, $"asr_stream/get_result?task_id={id}");
    using var done = await SendAsync(ask, token);
    return (await ResultAsync(done)).GetProperty("punctuated_text").GetString()!;
}

Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string taskToken)
{
    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", taskToken);
    return http.SendAsync(request);
}

static async Task<JsonElement> ResultAsync(HttpResponseMessage response)
{
    response.EnsureSuccessStatusCode();
    return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result");
}

static ByteArrayContent Wave(byte[] bytes) => new(bytes) { Headers = { ContentType = new("audio/wave") } };
