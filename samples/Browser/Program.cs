// A page that speaks and listens with the vendor's Speech SDK, while the key stays on the server: with sign-in, and with a panel that
// shows the token's age, its renewals and what a revocation does.
//
//   dotnet run --project samples/Browser              against the emulator, offline; then open http://127.0.0.1:5090
//   dotnet run --project samples/Browser -- --live    against Azure, with TokenAuth__speech__Region and TokenAuth__speech__SubscriptionKey
//                                                     in the environment or user secrets; on this machine only, as anybody may sign in
//
// Packages: TokenAuth.AspNetCore, TokenAuth.Testing; in a project made with dotnet new web. The server's part is SpeechPage.cs, the
// browser's wwwroot/speech.js. The Speech SDK comes from npm, with Node; without it the page loads the vendor's bundle.
using Browser;
using TokenAuth.Testing;

var isLive = args.Contains("--live");
await using var emulator = isLive ? null : await TokenServiceEmulator.StartAsync();
var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions
    {
        Args = [.. args.Where(argument => argument != "--live")], // it has no value
        ContentRootPath = AppContext.BaseDirectory,
    }
);
builder.WebHost.UseStaticWebAssets();
if (builder.Configuration["urls"] is null)
    builder.WebHost.UseUrls("http://127.0.0.1:5090");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // the cookie's keys lie unencrypted here

if (isLive)
{
    builder.Configuration.AddUserSecrets<Program>().AddEnvironmentVariables();
    if (ThisMachineOnly.Require(builder) is { } error)
    {
        await Console.Error.WriteLineAsync(error);
        return 1;
    }
}

SpeechPage.AddServices(builder, emulator);
await using var app = builder.Build();
if (isLive)
    ThisMachineOnly.Use(app);
SpeechPage.Map(app, emulator);

// --npm <folder> has the packages installed elsewhere.
var packages = await NodePackages.InstallAsync(app.Configuration["npm"] ?? AppContext.BaseDirectory);
SpeechPage.MapSpeechSdk(app, emulator, packages);

await app.StartAsync();
Console.WriteLine($"page  {string.Join(' ', app.Urls)}");
Console.WriteLine($"azure {(emulator is null ? "live" : $"emulated at {emulator.BaseAddress}")}");
Console.WriteLine($"sdk   {packages.Problem ?? "from npm"}");
await app.WaitForShutdownAsync();
return 0;
