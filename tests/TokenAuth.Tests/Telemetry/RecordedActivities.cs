using System.Collections.Concurrent;
using System.Diagnostics;

namespace TokenAuth.Tests.Telemetry;

/// <summary>The finished activities of one provider: activity listeners are the process', and tests run side by side.</summary>
internal sealed class RecordedActivities : IDisposable
{
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public RecordedActivities(string provider)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TokenAuthDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem(TokenAuthDiagnostics.ProviderTag), provider))
                    _stopped.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyCollection<Activity> Stopped => _stopped;

    public void Dispose() => _listener.Dispose();
}
