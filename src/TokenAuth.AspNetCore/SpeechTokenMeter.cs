using System.Diagnostics.Metrics;

namespace TokenAuth;

/// <summary>Counts what became of the requests; no tag says whose they were.</summary>
internal static class SpeechTokenMeter
{
    public const string Issued = "issued";
    public const string NotAllowed = "not_allowed";
    public const string Unavailable = "unavailable";
    public const string Unprotected = "unprotected";
    public const string Abandoned = "abandoned";

    private static readonly Meter _meter = new(TokenAuthDiagnostics.MeterName);
    private static readonly Counter<long> _requests = _meter.CreateCounter<long>(
        TokenAuthDiagnostics.EndpointIssued,
        unit: "{request}",
        description: "Requests for a Speech token that ended."
    );

    public static void Ended(string outcome)
    {
        if (_requests.Enabled)
            Count(outcome);
    }

    private static void Count(string outcome) =>
        TelemetryGuard.Emit(() =>
            _requests.Add(1, new KeyValuePair<string, object?>(TokenAuthDiagnostics.EndpointOutcomeTag, outcome))
        );
}
