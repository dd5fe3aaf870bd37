// Eight processes share one VK Cloud grant through PostgreSQL or Redis. Three of them are killed and replaced, the server is away once.
//
//   dotnet run --project samples/Fleet                             with a PostgreSQL of its own, from the installed binaries
//   dotnet run --project samples/Fleet -- <connection string>      with yours, which is not restarted
//   dotnet run --project samples/Fleet -- --redis                  with a Redis of its own, from the installed program
//   dotnet run --project samples/Fleet -- --redis <configuration>  with yours, which is not restarted
//
// Packages: TokenAuth, TokenAuth.Postgres, TokenAuth.Redis, TokenAuth.Testing, Microsoft.Extensions.Hosting; and the ThrowAway….cs beside it.
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using StackExchange.Redis;
using TokenAuth.Testing;

if (args is ["worker"])
    return await WorkAsync();

// The vendor is emulated and its tokens live five seconds instead of an hour: six of its hours pass in thirty seconds.
const int processes = 8;
const int hours = 6;
var hour = TimeSpan.FromSeconds(5);

var usesRedis = args is ["--redis", ..];
var yours = usesRedis ? args.ElementAtOrDefault(1) : args.ElementAtOrDefault(0);
if (yours is null && (usesRedis ? ThrowAwayRedis.FindProgram() : ThrowAwayPostgres.FindBinaries()) is null)
{
    await Console.Error.WriteLineAsync(
        usesRedis
            ? "No Redis server is installed. Install one (Debian: apt-get install redis-server), or give a configuration."
            : "No PostgreSQL server is installed under /usr/lib/postgresql. Install one (Debian: apt-get install postgresql), "
                + "or give a connection string."
    );
    return 1;
}

// A grant has to survive the restart: a Redis that keeps nothing would cost a refresh token.
await using var redis =
    usesRedis && yours is null
        ? await ThrowAwayRedis.StartNewAsync("--appendonly", "yes", "--appendfsync", "always")
        : null;
await using var postgres = !usesRedis && yours is null ? await ThrowAwayPostgres.StartNewAsync() : null;
await using var emulator = await TokenServiceEmulator.StartAsync();
emulator.Options.VkCloud.AccessTokenLifetime = hour;
var connectionString = yours ?? redis?.Configuration ?? postgres!.ConnectionString;
var name = usesRedis ? "Redis" : "PostgreSQL";
var table = $"fleet_{Environment.ProcessId}";
var encryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)); // as "openssl rand -base64 32" makes it

Console.WriteLine(
    $"{processes} processes, {hours} hours of {hour.TotalSeconds} s each, {(yours is null ? $"{name} of its own" : $"your {name}")}"
);
var (calls, failures, kills, outages) = (0, 0, 0, 0);
var fleet = new List<Process>();
var life = Stopwatch.StartNew();
while (fleet.Count < processes) // one after the other, as a deployment rolls out
{
    var started = StartWorker();
    if (started.StandardOutput.Read() is not (>= 0 and var call))
        return 1; // it ended before its first call, and has said why
    Count((char)call);
    fleet.Add(started);
}

var clock = Stopwatch.StartNew();

for (var half = 1; half <= hours * 2; half++)
{
    await Task.Delay((hour / 2 * half) - clock.Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero);
    switch (half)
    {
        case 3 or 6 or 11:
            var victim = fleet[half % processes];
            victim.Kill(); // kill -9: it gives nothing back
            await ReadSummaryAsync(victim);
            fleet[half % processes] = StartWorker();
            Event(half, $"killed process {victim.Id}, started {fleet[half % processes].Id}");
            kills++;
            break;

        case 7 when yours is null:
            await (redis?.StopAsync() ?? postgres!.StopAsync());
            Event(half, $"stopped {name}");
            outages++;
            break;

        case 8 when yours is null:
            await (redis?.StartAsync() ?? postgres!.StartAsync());
            Event(half, $"started {name}");
            break;
    }
}

foreach (var worker in fleet)
{
    worker.StandardInput.Close(); // asks it to end
    await ReadSummaryAsync(worker);
    await worker.WaitForExitAsync();
}

var ledger = emulator.Ledger;
var elapsed = life.Elapsed;
if (yours is not null)
    await (usesRedis ? DeleteKeysAsync() : DropTableAsync());

// A single process renews after 70 % to 90 % of what the engine reuses of a life, which is 90 % of it here. A killed holder may cost
// a call, and while the server is away each process renews for itself.
var ideal = 1 + (int)Math.Ceiling(elapsed / (0.7 * 0.9 * hour));
var allowed = ideal + kills + (outages * processes);
Console.WriteLine($"  calls of the applications    {calls:N0}");
Console.WriteLine($"  failed calls                 {failures}");
Console.WriteLine($"  rejected, then repeated      {ledger.DataCallsRejected}");
Console.WriteLine($"  token calls                  {ledger.TokenCalls}");
Console.WriteLine($"  one process alone, at most   {ideal}");
Console.WriteLine($"  allowed here, at most        {allowed} ({kills} kills, {outages} outages of {name})");
Console.WriteLine($"  without sharing, about       {processes * elapsed / (0.8 * 0.9 * hour):0}");
Console.WriteLine(
    $"  refresh tokens spent         {ledger.RefreshTokensMinted} of {emulator.Options.VkCloud.RefreshTokenLimit}"
);

// On a busy machine each process may send each token once too late; the rejection renews it and the call is repeated.
var asPromised =
    failures == 0
    && calls > 0
    && ledger.RefreshTokensMinted == 1
    && ledger.TokenCalls <= allowed
    && ledger.DataCallsRejected <= ledger.TokenCalls * processes;
Console.WriteLine(asPromised ? "\nAs promised." : "\nNot as promised.");
return asPromised ? 0 : 1;

Process StartWorker()
{
    var start = new ProcessStartInfo(Environment.ProcessPath!)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    };
    if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
    start.ArgumentList.Add("worker");
    start.Environment["FLEET_EMULATOR"] = emulator.BaseAddress.AbsoluteUri;
    start.Environment["FLEET_TOKEN_ENDPOINT"] = emulator.VkTokenEndpoint.AbsoluteUri;
    start.Environment[usesRedis ? "FLEET_REDIS" : "FLEET_DATABASE"] = connectionString;
    start.Environment["FLEET_TABLE"] = table;
    start.Environment["FLEET_ENCRYPTION_KEY"] = encryptionKey;
    return Process.Start(start)!;
}

// A process says at each call whether it succeeded, so that one that is killed has said it all.
async Task ReadSummaryAsync(Process worker)
{
    var output = await worker.StandardOutput.ReadToEndAsync();
    foreach (var call in output)
        Count(call);
}

void Count(char call)
{
    calls += call is '.' or '!' ? 1 : 0;
    failures += call is '!' ? 1 : 0;
}

void Event(int half, string what) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {half / 2.0:0.0} h  {what}"));

async Task DropTableAsync()
{
    await using var dataSource = NpgsqlDataSource.Create(connectionString);
    await using var drop = dataSource.CreateCommand($"DROP TABLE IF EXISTS {table}");
    await drop.ExecuteNonQueryAsync();
}

async Task DeleteKeysAsync()
{
    await using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
    foreach (var server in connection.GetServers().Where(server => !server.IsReplica))
    await foreach (var key in server.KeysAsync(pattern: table + ":*"))
        await connection.GetDatabase().KeyDeleteAsync(key);
}

// ---- What an application writes -----------------------------------------------------------------------------------------------
static async Task<int> WorkAsync()
{
    static string Setting(string name) => Environment.GetEnvironmentVariable(name)!;

    var builder = Host.CreateApplicationBuilder();
    var tokens = builder
        .Services.AddTokenAuth()
        .AddVkCloud(
            "voice",
            o =>
            {
                o.ClientId = VkCloudClient.Voice.ClientId;
                o.ClientSecret = VkCloudClient.Voice.ClientSecret;
                o.TokenEndpoint = new Uri(Setting("FLEET_TOKEN_ENDPOINT")); // https://mcs.mail.ru/auth/oauth/v1/token unless set
            }
        );
    if (Setting("FLEET_REDIS") is { } redis)
        tokens.UseRedisStore(
            redis,
            o =>
            {
                o.EncryptionKey = Setting("FLEET_ENCRYPTION_KEY");
                o.KeyPrefix = Setting("FLEET_TABLE") + ":"; // "tokenauth:" unless set
            }
        );
    else
        tokens.UsePostgresStore(
            Setting("FLEET_DATABASE"),
            o =>
            {
                o.EncryptionKey = Setting("FLEET_ENCRYPTION_KEY");
                o.Table = Setting("FLEET_TABLE"); // tokenauth_records unless set
            }
        );
    builder
        .Services.AddHttpClient("Voice", http => http.BaseAddress = new Uri(Setting("FLEET_EMULATOR"))) // https://voice.mcs.mail.ru/
        .AddBearerToken("voice");
    builder.Logging.ClearProviders();
    using var host = builder.Build();
    await host.StartAsync();
    var http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("Voice");

    var asked = Task.Run(Console.In.ReadToEnd); // until the parent closes it, or dies
    while (!asked.IsCompleted)
    {
        try
        {
            // GET https://voice.mcs.mail.ru/tts?text=…
            using var response = await http.GetAsync("tts?encoder=pcm&text=one");
            Console.Write(response.IsSuccessStatusCode ? '.' : '!');
        }
        catch (Exception e) when (e is HttpRequestException or TokenAuth.TokenAcquisitionException)
        {
            Console.Write('!');
            await Console.Error.WriteLineAsync(e.Message);
        }

        await Task.WhenAny(asked, Task.Delay(250));
    }

    return 0;
}
