// VK Cloud Vision: uploads a picture and prints what is on it. The token goes into the query of the request, which HttpClient's own log
// lines do not show.
//
//   dotnet run --project samples/VkVision                          against the emulator, offline
//   dotnet run --project samples/VkVision -- --live picture.jpg    against VK Cloud, with TokenAuth__vision__ClientId and
//                                                                  TokenAuth__vision__ClientSecret in the environment or user secrets
//
// Packages: TokenAuth, TokenAuth.Testing, Microsoft.Extensions.DependencyInjection, and of Microsoft.Extensions.Configuration
// EnvironmentVariables and UserSecrets.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

await using var emulator = args.Contains("--live") ? null : await TokenServiceEmulator.StartAsync();
var settings = new ConfigurationManager();
settings["TokenAuth:vision:Provider"] = "VkCloud";
if (emulator is null)
{
    settings.AddUserSecrets<Program>().AddEnvironmentVariables();
}
else
{
    settings["TokenAuth:vision:ClientId"] = VkCloudClient.Vision.ClientId;
    settings["TokenAuth:vision:ClientSecret"] = VkCloudClient.Vision.ClientSecret;
    settings["TokenAuth:vision:TokenEndpoint"] = emulator.VkTokenEndpoint.AbsoluteUri;
}

// The application's part.
var services = new ServiceCollection();
services.AddTokenAuth(settings.GetSection("TokenAuth"));
services
    .AddHttpClient(
        "Vision",
        http => http.BaseAddress = emulator?.VisionAddress ?? new("https://smarty.mail.ru/api/v1/")
    )
    .AddOAuthTokenQuery("vision");
await using var provider = services.BuildServiceProvider();

var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("Vision");
var picture = args.FirstOrDefault(File.Exists) is { } file ? await File.ReadAllBytesAsync(file) : Dot();
const string meta = """{"mode":["object","scene"],"images":[{"name":"file_0"}]}""";
using var form = new MultipartFormDataContent
{
    { new StringContent(meta, Encoding.UTF8, "application/json"), "meta" },
    { new ByteArrayContent(picture), "file_0", "picture" },
};

using var response = await http.PostAsync("objects/detect", form);
var reply = await response.Content.ReadFromJsonAsync<JsonElement>();

// Vision says in "status" how it went, also inside HTTP 200.
var status = reply.GetProperty("status").GetInt32();
if (status != 200)
{
    Console.Error.WriteLine($"Vision refused the picture: status {status}.");
    return 1;
}

foreach (var mode in reply.GetProperty("body").EnumerateObject())
foreach (var image in mode.Value.EnumerateArray())
foreach (var label in image.GetProperty("labels").EnumerateArray())
    Console.WriteLine($"{mode.Name}: {label.GetProperty("eng")} ({label.GetProperty("prob").GetDouble():P0})");
return 0;

// A PNG of one pixel.
static byte[] Dot() =>
    Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    );
