using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Lifetime;

namespace TokenAuth.Tests.Telemetry;

/// <summary>Loggers and meter listeners that throw: nobody who asks for a token or sends a request notices.</summary>
public sealed class TelemetryGuardTests : IDisposable
{
    private static readonly Uri _service = new("http://localhost/");

    private readonly string _name = "provider-" + Guid.NewGuid().ToString("N");
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;
    private readonly MeterListener _listener = new();

    private int _thrown;

    public TelemetryGuardTests()
    {
        _source = new ScriptedSource(_time);
        _provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { ProviderName = _name, Jitter = () => 0.5 },
            _time,
            loggerFactory: new ThrowingLoggers()
        );
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TokenAuthDiagnostics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => ThrowIfMine(tags));
        _listener.Start();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _provider.Dispose();
    }

    [Fact]
    public async Task A_rejection_is_taken_note_of()
    {
        _provider.Invalidate(await _provider.GetTokenAsync(Cancel));

        Assert.Equal("token-2", (await _provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    [Trait("Failure", "22")]
    public async Task A_rejection_beyond_the_budget_is_taken_note_of()
    {
        for (var i = 0; i < RejectionBudget.PerHour; i++)
            _provider.Invalidate(await _provider.GetTokenAsync(Cancel));
        var last = await _provider.GetTokenAsync(Cancel);

        _provider.Invalidate(last);

        Assert.Same(last, await _provider.GetTokenAsync(Cancel));
    }

    [Fact]
    public async Task A_refused_request_is_healed()
    {
        using var handler = new BearerTokenHandler(_provider) { InnerHandler = new StubPrimaryHandler(401, 200) };
        using var client = new HttpMessageInvoker(handler);

        using var response = await client.SendAsync(new(HttpMethod.Get, _service), Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    [Trait("Failure", "26")]
    public async Task A_request_over_a_handler_that_cannot_be_inspected_is_sent()
    {
        var opaque = new OpaqueHandler(request => new(HttpStatusCode.NoContent) { RequestMessage = request });
        using var handler = new BearerTokenHandler(_provider) { InnerHandler = opaque };
        using var client = new HttpMessageInvoker(handler);

        using var response = await client.SendAsync(new(HttpMethod.Get, _service), Cancel);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    [Trait("Failure", "15")]
    public async Task An_early_renewal_that_fails_leaves_no_unobserved_exception()
    {
        var unobserved = new ConcurrentQueue<string>();
        void Observe(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Enqueue(e.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Observe;
        try
        {
            await FailEarlyAsync();
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Observe;
        }

        Assert.DoesNotContain(unobserved, trace => trace.Contains("FlyAsync", StringComparison.Ordinal));
    }

    [Fact]
    public async Task KeepFresh_goes_on()
    {
        _source.Answer = (call, _) =>
            call == 1 ? throw ScriptedSource.Transient() : Task.FromResult(_source.Grant(call));
        var taken = new ConcurrentQueue<string>();
        using var kept = (TokenWatch)
            _provider.KeepFresh(token =>
            {
                taken.Enqueue(token.Value);
                if (taken.Count == 1)
                    throw new InvalidOperationException();
            });

        for (var second = 0; second < 60 && taken.Count < 2; second++)
        {
            await Patience.Until(() => !_provider.IsRenewing && !kept.IsPolling);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await Patience.Until(() => !kept.IsPolling);
        Assert.Equal(["token-2", "token-2"], taken);
    }

    private async Task FailEarlyAsync()
    {
        await _provider.GetTokenAsync(Cancel);
        _source.Answer = (_, _) => throw ScriptedSource.Transient();
        _time.Advance(TimeSpan.FromMinutes(50));
        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => Volatile.Read(ref _thrown) == 2); // once for each flight, when it has landed
    }

    private void ThrowIfMine(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
            if (tag.Value is string value && value == _name)
            {
                Interlocked.Increment(ref _thrown);
                throw new IOException("The meter's disk is full.");
            }
    }
}
