using System.Diagnostics;
using System.Diagnostics.Metrics;
using static TokenAuth.TokenAuthDiagnostics;

namespace TokenAuth;

/// <summary>The instruments. Off the warm path: whoever calls here has just waited for an endpoint or a store.</summary>
internal static class TokenMeter
{
    private static readonly Meter _meter = new(MeterName);

    private static readonly Histogram<double> _acquireDuration = _meter.CreateHistogram(
        AcquireDuration,
        unit: "s",
        description: "How long a token endpoint took to grant or to fail.",
        tags: null,
        advice: new InstrumentAdvice<double>
        {
            // Those of HTTP clients, up to the 15 s of a series.
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15],
        }
    );
    private static readonly Counter<long> _renewals = _meter.CreateCounter<long>(
        Renewals,
        unit: "{renewal}",
        description: "Renewals that ended."
    );
    private static readonly Counter<long> _rejections = _meter.CreateCounter<long>(
        Rejections,
        unit: "{rejection}",
        description: "Refusals of the current token by a service."
    );
    private static readonly Counter<long> _refreshTokensMinted = _meter.CreateCounter<long>(
        RefreshTokensMinted,
        unit: "{token}",
        description: "Refresh tokens that were issued for client credentials."
    );
    private static readonly Counter<long> _storeFailures = _meter.CreateCounter<long>(
        StoreFailures,
        unit: "{failure}",
        description: "Failed operations of the token store."
    );

    static TokenMeter() =>
        _meter.CreateObservableGauge(
            RemainingLife,
            LiveProviders.RemainingLives,
            unit: "s",
            description: "How long the current token may still be used."
        );

    /// <summary>Creates the instruments, so that listeners see them before anything happens.</summary>
    public static void Open() { }

    public static void Acquired(string provider, string? grantType, string? errorType, TimeSpan took)
    {
        if (!_acquireDuration.Enabled)
            return;

        var tags = Of(provider);
        AddTo(ref tags, GrantTypeTag, grantType);
        AddTo(ref tags, ErrorTypeTag, errorType);
        _acquireDuration.Record(took.TotalSeconds, tags);
    }

    public static void Renewed(string provider, string reason, string? errorType)
    {
        if (!_renewals.Enabled)
            return;

        var tags = Of(provider);
        AddTo(ref tags, ReasonTag, reason);
        AddTo(ref tags, ErrorTypeTag, errorType);
        _renewals.Add(1, tags);
    }

    public static void Rejected(string provider) => _rejections.Add(1, Of(provider));

    public static void RefreshTokenMinted(string provider)
    {
        if (_refreshTokensMinted.Enabled)
            _refreshTokensMinted.Add(1, Of(provider));
    }

    public static void StoreFailed(string provider, string operation)
    {
        var tags = Of(provider);
        AddTo(ref tags, StoreOperationTag, operation);
        _storeFailures.Add(1, tags);
    }

    private static TagList Of(string provider) => new() { { ProviderTag, provider } };

    private static void AddTo(ref TagList tags, string name, string? value)
    {
        if (value is not null)
            tags.Add(name, value);
    }
}
