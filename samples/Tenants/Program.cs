// A web API whose customers bring their own Azure AI Speech keys, which are in a database (SQLite): speech and browser tokens for each
// customer, and an admin page that tests a key.
//
//   dotnet run --project samples/Tenants               against an emulated resource for each customer, offline: calls itself, prints what came, ends
//   dotnet run --project samples/Tenants -- --serve    the same, and stays: open http://127.0.0.1:5091/admin and sign in as admin
//   dotnet run --project samples/Tenants -- --live     against Azure, with the customers that you enter at http://127.0.0.1:5091/admin
//
// Packages: TokenAuth.AspNetCore, TokenAuth.Testing, Microsoft.Data.Sqlite; in a project made with dotnet new web. The application's part is
// SpeechApi.cs, AdminPage.cs and CustomerDatabase.cs.
using Tenants;

var isLive = args.Contains("--live");
var stays = isLive || args.Contains("--serve");
await using var azure = isLive ? null : await EmulatedAzure.StartAsync("acme", "globex", "initech", "umbrella");
var folder = isLive ? Directory.CreateDirectory("customers") : Directory.CreateTempSubdirectory("tokenauth-tenants-");
var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls(stays ? "http://127.0.0.1:5091" : "http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // its keys lie unencrypted here
if (!stays)
    builder.Logging.AddFilter("TokenAuth", LogLevel.None); // the table says it

SpeechApi.AddServices(builder, azure, $"Data Source={Path.Combine(folder.FullName, "customers.db")};Pooling=False");
await using var app = builder.Build();
SpeechApi.Map(app, azure);
await using (var scope = app.Services.CreateAsyncScope())
{
    var database = scope.ServiceProvider.GetRequiredService<CustomerDatabase>();
    await database.CreateAsync();
    if (azure is not null)
        await Demonstration.FillAsync(database, azure);
}

await app.StartAsync();
Console.WriteLine($"admin page: {app.Urls.Single()}/admin");
if (stays)
{
    await app.WaitForShutdownAsync();
    if (!isLive)
        folder.Delete(recursive: true);
    return 0;
}

var isAsPromised = await new Demonstration(azure!, new Uri(app.Urls.Single())).RunAsync();
folder.Delete(recursive: true);
Console.WriteLine(isAsPromised ? "\nAs promised." : "\nNot as promised.");
return isAsPromised ? 0 : 1;
