using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TokenAuth.Tests.Telemetry;

/// <summary>What one provider measures: the meter is the process', and tests run side by side.</summary>
internal sealed class RecordedMeasurements : IDisposable
{
    private readonly ConcurrentQueue<Measured> _all = new();
    private readonly MeterListener _listener = new();
    private readonly string? _provider;

    public RecordedMeasurements(string? provider)
    {
        _provider = provider;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != TokenAuthDiagnostics.MeterName)
                return;

            lock (Instruments)
                Instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    public IReadOnlyCollection<Measured> All => _all;

    public IEnumerable<Measured> Of(string instrument) => _all.Where(measured => measured.Instrument == instrument);

    public IEnumerable<Measured> Observe(string instrument)
    {
        var before = _all.Count;
        _listener.RecordObservableInstruments();

        return _all.Skip(before).Where(measured => measured.Instrument == instrument);
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
        if (_provider is not null && Equals(named[TokenAuthDiagnostics.ProviderTag], _provider))
            _all.Enqueue(new Measured(instrument.Name, value, named));
    }

    internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)
    {
        public string? Tag(string name) => Tags.TryGetValue(name, out var value) ? (string?)value : null;
    }
}
