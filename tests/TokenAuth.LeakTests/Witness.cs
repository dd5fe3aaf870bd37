using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace TokenAuth.LeakTests;

/// <summary>
/// Sees what an operator could: logs at Trace with their structured state and scopes, activities, metrics, public event
/// sources; and what an application prints: exceptions, <c>ToString</c>, JSON.
/// </summary>
internal sealed class Witness : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<Sighting> _sightings = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    public Witness()
    {
        EventSourceWitness.Watch(See);
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = See,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => See(instrument, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => See(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => See(instrument, tags));
        _meters.Start();
    }

    public IReadOnlyCollection<Sighting> Sightings => _sightings;

    public void See(string place, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            _sightings.Enqueue(new Sighting(place, text));
    }

    /// <summary>Prints and serializes.</summary>
    public void SeeObject(object? value)
    {
        if (value is null)
            return;

        See($"{value.GetType().Name}.ToString()", value.ToString());
        See($"{value.GetType().Name} as JSON", Json(value));
    }

    /// <summary>Prints an exception with everything it holds, and what caused it.</summary>
    public void SeeException(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            See("exception", cause.ToString());
            foreach (DictionaryEntry entry in cause.Data)
                See("exception data", $"{entry.Key}: {entry.Value}");
            if (cause is TokenAcquisitionException failure)
                See(
                    "exception's members",
                    $"{failure.ProviderName} {failure.ErrorCode} {failure.StatusCode} {failure.RetryAfter} {failure.HelpLink}"
                );
        }
    }

    public void SeeGauges() => _meters.RecordObservableInstruments();

    public ILogger CreateLogger(string categoryName)
    {
        See("log category", categoryName);
        return this;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        SeeState("log scope", state);
        return null;
    }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        See("log", formatter(state, exception));
        SeeState("log state", state);
        if (exception is not null)
            SeeException(exception);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
        EventSourceWitness.Unwatch(See);
    }

    private void SeeState(string place, object? state)
    {
        See(place, state?.ToString());
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
            foreach (var (key, value) in values)
            {
                See(place, $"{key}: {Convert.ToString(value, CultureInfo.InvariantCulture)}");
                See(place + " as JSON", value is string ? null : Json(value));
            }
    }

    private void See(Activity activity)
    {
        See(
            "activity",
            $"{activity.OperationName} {activity.DisplayName} {activity.StatusDescription} {activity.TraceStateString}"
        );
        foreach (var tag in activity.TagObjects.Concat(activity.Events.SelectMany(happened => happened.Tags)))
            See("activity tag", $"{tag.Key}: {Convert.ToString(tag.Value, CultureInfo.InvariantCulture)}");
        foreach (var item in activity.Baggage)
            See("activity baggage", $"{item.Key}: {item.Value}");
    }

    private void See(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
            See($"metric {instrument.Name}", $"{tag.Key}: {Convert.ToString(tag.Value, CultureInfo.InvariantCulture)}");
    }

    private static string? Json(object? value)
    {
        try
        {
            return JsonSerializer.Serialize(value);
        }
        catch (Exception exception)
            when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            return null; // a delegate or a stream: nobody can serialize it
        }
    }
}
