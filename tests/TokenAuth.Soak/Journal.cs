using System.Diagnostics;
using System.Globalization;

namespace TokenAuth.Soak;

/// <summary>Prints what happens, with the real time and the token time since the start.</summary>
internal sealed class Journal(SoakClock clock)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _replayed;

    public TimeSpan Elapsed => _watch.Elapsed;

    public void Say(string what) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_watch.Elapsed:mm\\:ss} {clock.Elapsed:d\\.hh\\:mm\\:ss}  {what}"
            )
        );

    public void Report(Outcome outcome)
    {
        var (tally, ledger, now) = (outcome.Tally, outcome.Ledger, outcome.Samples.Latest);
        // Too few while requests wait for a token.
        _replayed = Math.Max(_replayed, ledger.DataCalls + tally.Unsent - tally.Requests);
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"requests {tally.Requests}, rejected {ledger.DataCallsRejected}, replayed {_replayed}, unexpected failures {tally.Unexpected}, expected ones {tally.Expected}, longest wait {tally.LongestWait.TotalSeconds:0.0} s"
            )
        );
        foreach (var vendor in outcome.Vendors)
            Say(
                $"    {vendor.Name}: token calls {vendor.Calls}, ideally {vendor.Explained + vendor.RightlyFailed}; {vendor.Failed} met a fault, {vendor.Unexplained} without a reason"
            );
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"    refresh tokens {ledger.RefreshTokensMinted} of {outcome.ExpectedRefreshTokens}; heap {now.HeapMegabytes:0.0} MB, working set {now.WorkingSetMegabytes:0} MB, handles {now.Handles}, threads {now.Threads}"
            )
        );
    }
}
