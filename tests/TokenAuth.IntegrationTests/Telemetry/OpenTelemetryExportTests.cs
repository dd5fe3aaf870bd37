using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Telemetry;

/// <summary>What an operator sees, through the OpenTelemetry SDK and over real sockets.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class OpenTelemetryExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exporter_gets_the_listed_instruments_and_no_other()
    {
        var metrics = new Exported<Metric>(metric => $"{metric.Name} {metric.Unit} {metric.MetricType}");
        var activities = new Exported<Activity>(activity => activity.OperationName);
        using var meters = OpenTelemetry
            .Sdk.CreateMeterProviderBuilder()
            .AddMeter(TokenAuthDiagnostics.MeterName)
            .AddReader(new BaseExportingMetricReader(metrics))
            .Build();
        using var traces = OpenTelemetry
            .Sdk.CreateTracerProviderBuilder()
            .AddSource(TokenAuthDiagnostics.ActivitySourceName)
            .AddProcessor(new SimpleActivityExportProcessor(activities))
            .Build();
        await using var emulator = await TokenServiceEmulator.StartAsync(cancellationToken: Cancel);
        using var provider = new VkCloudTokenProvider(
            new VkCloudOptions
            {
                TokenEndpoint = emulator.VkTokenEndpoint,
                ClientId = VkCloudClient.Voice.ClientId,
                ClientSecret = VkCloudClient.Voice.ClientSecret,
            },
            store: new FailingStore()
        );

        provider.Invalidate(await provider.GetTokenAsync(Cancel));
        await provider.GetTokenAsync(Cancel);
        meters.ForceFlush();

        Assert.Equal(
            [
                "tokenauth.acquire.duration s Histogram",
                "tokenauth.refresh_tokens.minted {token} LongSum",
                "tokenauth.rejections {rejection} LongSum",
                "tokenauth.renewals {renewal} LongSum",
                "tokenauth.store.failures {failure} LongSum",
                "tokenauth.token.remaining_life s DoubleGauge",
            ],
            metrics.Seen.Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal([TokenAuthDiagnostics.AcquireActivityName], activities.Seen.Distinct());
    }

    private sealed class Exported<T>(Func<T, string> describe) : BaseExporter<T>
        where T : class
    {
        public ConcurrentQueue<string> Seen { get; } = new();

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (var item in batch)
                Seen.Enqueue(describe(item));

            return ExportResult.Success;
        }
    }
}
