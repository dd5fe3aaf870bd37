using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>What has come of the run so far.</summary>
internal sealed record Outcome(
    Tally Tally,
    Samples Samples,
    IReadOnlyList<Vendor> Vendors,
    TokenServiceLedger Ledger,
    TimeSpan Ran,
    TimeSpan TokenTime
)
{
    public required int ExpectedRefreshTokens { get; init; }

    public required int Episodes { get; init; }

    public int CallersLeft { get; init; }

    /// <summary>Objects that are to be kept fresh and have an old token.</summary>
    public int OldCopies { get; init; }

    public required Exception? ClockFault { get; init; }

    public int Calls => Vendors.Sum(vendor => vendor.Calls);

    public int Explained => Vendors.Sum(vendor => vendor.Explained);

    public int RightlyFailed => Vendors.Sum(vendor => vendor.RightlyFailed);
}
