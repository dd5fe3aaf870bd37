using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>The meter is the process's, so nobody else asks meanwhile.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class SpeechTokenMeterTests : IDisposable
{
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly MeterListener _listener = new();

    public SpeechTokenMeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == TokenAuthDiagnostics.EndpointIssued)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => _counted.Enqueue($"{value}: {string.Join(", ", tags.ToArray())}")
        );
        _listener.Start();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task What_became_of_a_request_is_counted_and_not_whose_it_was()
    {
        await using var app = await SpeechApplication.StartAsync(o =>
            o.Authorize = (context, _) => new(context.User.Identity?.Name == "ann")
        );
        await app.PostAsync();
        await app.PostAsync(name: "bob");
        await app.PostAsync(name: null); // ends before the endpoint
        app.Time.Advance(TimeSpan.FromMinutes(10));
        app.Emulator.Faults.Always(TokenServiceEndpoint.AzureToken, TokenServiceFault.Status(HttpStatusCode.NotFound));
        await app.PostAsync();

        Assert.Equal(
            [
                "1: [tokenauth.endpoint.outcome, issued]",
                "1: [tokenauth.endpoint.outcome, not_allowed]",
                "1: [tokenauth.endpoint.outcome, unavailable]",
            ],
            _counted
        );
    }

    [Fact]
    public async Task A_caller_who_leaves_is_counted_as_such()
    {
        await using var app = await SpeechApplication.StartAsync();
        app.Emulator.Faults.Always(TokenServiceEndpoint.AzureToken, TokenServiceFault.Silence());
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, SpeechApplication.Path);
        request.Headers.Add("X-Name", "ann");
        var left = app.Client.SendAsync(request, leaving.Token);
        await Wire.Until.HoldsAsync(() => app.Emulator.Ledger.IssueTokenCalls > 0);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        await Wire.Until.HoldsAsync(() => !_counted.IsEmpty);
        Assert.Equal(["1: [tokenauth.endpoint.outcome, abandoned]"], _counted);
    }

    [Fact]
    public async Task A_listener_that_throws_fails_no_caller()
    {
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("a listener"));
        await using var app = await SpeechApplication.StartAsync();

        using var response = await app.PostAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
