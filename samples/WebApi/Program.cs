// A web API that speaks, over Azure AI Speech: with a health check, OpenTelemetry, and retries around the credential.
//
//   dotnet run --project samples/WebApi              against the emulator, offline: calls itself, prints what came, ends
//   dotnet run --project samples/WebApi -- --live    serves with TokenAuth__speech__Region and TokenAuth__speech__SubscriptionKey in the
//                                                    environment or user secrets: curl http://localhost:5000/speech?text=hello -o hello.wav
//
// Packages: TokenAuth, TokenAuth.Testing, Microsoft.Extensions.Http.Resilience, OpenTelemetry.Extensions.Hosting and two exporters, OpenTelemetry.Exporter.Console and
// OpenTelemetry.Exporter.OpenTelemetryProtocol; in a project made with dotnet new web.
using System.Net;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TokenAuth;
using TokenAuth.Testing;

await using var emulator = args.Contains("--live") ? null : await TokenServiceEmulator.StartAsync();
var builder = WebApplication.CreateBuilder(args);
builder.Configuration["TokenAuth:speech:Provider"] = "AzureSpeech";
if (emulator is null)
{
    builder.Configuration.AddUserSecrets<Program>().AddEnvironmentVariables();
}
else
{
    builder.Configuration["TokenAuth:speech:SubscriptionKey"] = emulator.AzureSpeech.PrimaryKey;
    builder.Configuration["TokenAuth:speech:TokenEndpoint"] = emulator.AzureTokenEndpoint.AbsoluteUri;
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
}

// The application's part.
builder.Services.AddTokenAuth(builder.Configuration.GetSection("TokenAuth"));
builder.Services.AddHealthChecks().AddTokenAuth();
builder
    .Services.AddHttpClient("Tts", http => http.BaseAddress = emulator?.AzureTtsAddress ?? Azure())
    .AddBearerToken("speech") // below the retries, wherever it stands: each attempt has a token that is good then
    .AddStandardResilienceHandler(resilience => resilience.Retry.Delay = TimeSpan.FromMilliseconds(200));

// To a collector (OTEL_EXPORTER_OTLP_ENDPOINT, http://localhost:4317 unless set); offline to the console.
builder
    .Services.AddOpenTelemetry()
    .WithMetrics(metrics =>
        Export(metrics.AddMeter(TokenAuthDiagnostics.MeterName), m => m.AddOtlpExporter(), m => m.AddConsoleExporter())
    )
    .WithTracing(traces =>
        Export(
            traces.AddSource(TokenAuthDiagnostics.ActivitySourceName),
            t => t.AddOtlpExporter(),
            t => t.AddConsoleExporter()
        )
    );

await using var app = builder.Build();

app.MapHealthChecks("/health");
app.MapGet(
    "/speech",
    async (string text, IHttpClientFactory clients, CancellationToken cancellationToken) =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "");
        request.Headers.Add("X-Microsoft-OutputFormat", "riff-16khz-16bit-mono-pcm");
        request.Headers.Add("User-Agent", "TokenAuth-Sample");
        request.Content = new StringContent(
            $"""<speak version="1.0" xml:lang="en-US"><voice name="en-US-AvaMultilingualNeural">{WebUtility.HtmlEncode(text)}</voice></speak>""",
            Encoding.UTF8,
            "application/ssml+xml"
        );
        using var response = await clients.CreateClient("Tts").SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? Results.Bytes(await response.Content.ReadAsByteArrayAsync(cancellationToken), "audio/wav")
            : Results.Problem(
                $"Azure answered {(int)response.StatusCode}.",
                statusCode: StatusCodes.Status502BadGateway
            );
    }
);

if (emulator is null)
{
    await app.RunAsync();
    return 0;
}

await app.StartAsync();
using var self = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

// Azure fails once, then has forgotten the token: neither reaches the caller.
emulator.Faults.Next(TokenServiceEndpoint.AzureTts, TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable));
Console.WriteLine($"speech  {(await self.GetByteArrayAsync("speech?text=hello")).Length:N0} bytes");
emulator.RevokeAccessTokens();
Console.WriteLine($"speech  {(await self.GetByteArrayAsync("speech?text=hello%20again")).Length:N0} bytes");
Console.WriteLine($"health  {await self.GetStringAsync("health")}");

var azure = emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureTts];
Console.WriteLine($"azure   {azure.Calls} calls, {azure.Faulted} failed, {azure.Rejected} rejected");
return 0;

void Export<T>(T telemetry, Action<T> live, Action<T> offline) => (emulator is null ? live : offline)(telemetry);

Uri Azure() =>
    new($"https://{builder.Configuration["TokenAuth:speech:Region"]}.tts.speech.microsoft.com/cognitiveservices/v1");
