// What an application does with TokenAuth, over an endpoint in the same process. Exits 0 when all of it works.
using System.Diagnostics.Metrics;
using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using TokenAuth;
using TokenAuth.AotSmoke;

const string Page = "{\"token\":\"" + Endpoints.Jwt + "\",\"region\":\"westeurope\"";

var measured = 0;
using var meters = new MeterListener
{
    InstrumentPublished = (instrument, listener) =>
    {
        if (instrument.Meter.Name == TokenAuthDiagnostics.MeterName)
            listener.EnableMeasurementEvents(instrument);
    },
};
meters.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref measured));
meters.Start();

var store = Directory.CreateTempSubdirectory("tokenauth-aot-");
var configuration = new ConfigurationBuilder()
    .AddInMemoryCollection([
        new("TokenAuth:voice:Provider", "VkCloud"),
        new("TokenAuth:voice:ClientId", "mcs.voice"),
        new("TOKENAUTH:VOICE:CLIENTSECRET", "s-1"),
        new("TokenAuth:voice:AssumedLifetime", "00:30:00"),
        new("TokenAuth:speech:Provider", "AzureSpeech"),
        new("TokenAuth:speech:Region", "westeurope"),
        new("TokenAuth:speech:SubscriptionKey", "k-1"),
        new("TokenAuth:service:Provider", "StaticToken"),
        new("TokenAuth:service:Token", "t-1"),
        new("TokenAuth:entra:Provider", "AzureSpeechEntra"),
        new("TokenAuth:entra:Endpoint", "https://contoso.cognitiveservices.azure.com/"),
        new("TokenAuth:entra:Form", "Plain"),
    ])
    .Build();

var services = new ServiceCollection();
var builder = services
    .AddTokenAuth(configuration.GetSection("TokenAuth"))
    .UseAzureCredential(_ => DelegatedTokenCredential.Create((_, _) => new("e-1", DateTimeOffset.UtcNow.AddHours(1))))
    .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new Endpoints()));
if (args is ["--postgres", var connectionString])
    builder.UsePostgresStore(connectionString, o => o.AllowUnencrypted = true);
else if (args is ["--redis", var redis])
    builder.UseRedisStore(redis, o => o.AllowUnencrypted = true);
else
    builder.UseFileStore(o =>
    {
        o.Directory = store.FullName;
        o.EncryptionKey = Convert.ToBase64String(new byte[32]);
    });
services.AddHttpClient("voice").AddBearerToken("voice").ConfigurePrimaryHttpMessageHandler(() => new Endpoints());
services.AddHttpClient("vision").AddOAuthTokenQuery("voice").ConfigurePrimaryHttpMessageHandler(() => new Endpoints());
services.AddHttpClient("speech").AddSubscriptionKey("speech").ConfigurePrimaryHttpMessageHandler(() => new Endpoints());
services.AddHealthChecks().AddTokenAuth();

try
{
    await using var provider = services.BuildServiceProvider();
    provider.GetRequiredService<IStartupValidator>().Validate();
    var clients = provider.GetRequiredService<IHttpClientFactory>();

    var seen = new List<string>
    {
        await clients.CreateClient("voice").GetStringAsync(new Uri("https://voice.mcs.mail.ru/tts")),
        await clients.CreateClient("vision").GetStringAsync(new Uri("https://smarty.mail.ru/api/v1/objects/detect")),
        await clients.CreateClient("speech").GetStringAsync(new Uri("https://westeurope.tts.speech.microsoft.com/")),
        (await provider.GetRequiredKeyedService<ITokenProvider>("SERVICE").GetTokenAsync()).Value,
        (await provider.GetRequiredKeyedService<ITokenProvider>("entra").GetTokenAsync()).Value,
    };
    var fed = new TaskCompletionSource<string>();
    using (provider.GetRequiredKeyedService<ITokenProvider>("speech").KeepFresh(token => fed.TrySetResult(token.Value)))
        seen.Add(await fed.Task);
    var health = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    var page = await SpeechPage.AskAsync();
    seen.Add(page[..page.IndexOf(",\"expiresIn\"", StringComparison.Ordinal)]);

    var expected = new[]
    {
        "Bearer a-1",
        "?oauth_provider=mcs&oauth_token=a-1",
        "k-1",
        "t-1",
        "e-1",
        Endpoints.Jwt,
        Page,
    };
    var isRight = expected.All(seen.Contains) && health.Status == HealthStatus.Healthy && measured >= 2;
    Console.WriteLine(
        $"{(isRight ? "ok" : "wrong")}: {string.Join(", ", seen)}; {health.Status}; {measured} measurements"
    );

    return isRight ? 0 : 1;
}
finally
{
    store.Delete(recursive: true);
}
