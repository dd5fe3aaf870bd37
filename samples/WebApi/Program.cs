// A web API that speaks, over Azure AI Speech: with a health check, OpenTelemetry, and retries around the credential.
//
//   dotnet run --project samples/WebApi              against the emulator, offline: calls itself, prints what came, ends
//   dotnet run --project samples/WebApi -- --live    serves with TokenAuth__speech__Region and TokenAuth__speech__SubscriptionKey in the
//                                                    environment or user secrets: curl http://localhost:5000/speech?text=hello -o hello.wav
//
// Packages: TokenAuth, TokenAuth.Testing, OpenTelemetry; in a project made with dotnet new web.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Polly;
using Polly.Retry;
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

// What an application writes.
builder.Services.AddTokenAuth(builder.Configuration.GetSection("TokenAuth"));
builder.Services.AddHealthChecks().AddTokenAuth();
builder
    .Services.AddHttpClient("Tts", http => http.BaseAddress = emulator?.AzureTtsAddress ?? Azure())
    .AddBearerToken("speech") // below the retries, wherever it stands: each attempt has a token that is good then
    .AddHttpMessageHandler(() => new RetryHandler());

await using var app = builder.Build();

// With the package OpenTelemetry.Extensions.Hosting: AddOpenTelemetry().WithMetrics(m => m.AddMeter(TokenAuthDiagnostics.MeterName) …
using var metrics = Sdk.CreateMeterProviderBuilder()
    .AddMeter(TokenAuthDiagnostics.MeterName)
    .AddReader(new PeriodicExportingMetricReader(new MetricPrinter(), exportIntervalMilliseconds: 60_000))
    .Build();
using var traces = Sdk.CreateTracerProviderBuilder()
    .AddSource(TokenAuthDiagnostics.ActivitySourceName)
    .AddProcessor(new SimpleActivityExportProcessor(new ActivityPrinter()))
    .Build();

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

Uri Azure() =>
    new($"https://{builder.Configuration["TokenAuth:speech:Region"]}.tts.speech.microsoft.com/cognitiveservices/v1");

/// <summary>Three more attempts where a service is busy or gone; Microsoft.Extensions.Http.Resilience has it ready-made.</summary>
internal sealed class RetryHandler : DelegatingHandler
{
    private static readonly ResiliencePipeline<HttpResponseMessage> s_pipeline =
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(
                new RetryStrategyOptions<HttpResponseMessage>
                {
                    ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                        .Handle<HttpRequestException>()
                        .HandleResult(response => (int)response.StatusCode is 408 or 429 or >= 500),
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = TimeSpan.FromMilliseconds(200),
                    UseJitter = true,
                    OnRetry = retry =>
                    {
                        retry.Outcome.Result?.Dispose();
                        return default;
                    },
                }
            )
            .Build();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => await s_pipeline.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
}

/// <summary>Prints what an OTLP exporter would send.</summary>
internal sealed class MetricPrinter : BaseExporter<Metric>
{
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var value = metric.MetricType switch
            {
                MetricType.Histogram => point.GetHistogramCount(),
                MetricType.DoubleGauge => Math.Round(point.GetGaugeLastValueDouble()),
                _ => point.GetSumLong(),
            };
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"metric  {metric.Name} {Tags(point)}= {value}")
            );
        }

        return ExportResult.Success;
    }

    private static string Tags(in MetricPoint point)
    {
        var text = "";
        foreach (var (name, value) in point.Tags)
            text += $"{name}:{value} ";
        return text;
    }
}

/// <summary>The same for traces.</summary>
internal sealed class ActivityPrinter : BaseExporter<Activity>
{
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var activity in batch)
            Console.WriteLine(
                $"trace   {activity.DisplayName} {string.Join(' ', activity.Tags.Select(t => $"{t.Key}:{t.Value}"))}"
            );
        return ExportResult.Success;
    }
}
