using System.Diagnostics;

namespace TokenAuth.Soak;

/// <summary>Whether any provider renews or anything moves on the way to the database, seen from outside.</summary>
internal sealed class WorkUnderWay : IDisposable
{
    private static readonly TimeSpan s_databaseRests = TimeSpan.FromMilliseconds(25);

    private readonly ActivityListener _listener;
    private int _renewals;
    private long _databaseMoved;

    public WorkUnderWay()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == TokenAuthDiagnostics.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.PropagationData,
            ActivityStarted = _ => Interlocked.Increment(ref _renewals),
            ActivityStopped = _ => Interlocked.Decrement(ref _renewals),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public bool IsAnyUnderWay =>
        Volatile.Read(ref _renewals) > 0
        || Stopwatch.GetElapsedTime(Volatile.Read(ref _databaseMoved)) < s_databaseRests;

    public void DatabaseMoves() => Volatile.Write(ref _databaseMoved, Stopwatch.GetTimestamp());

    public void Dispose() => _listener.Dispose();
}
