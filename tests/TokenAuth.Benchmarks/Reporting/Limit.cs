namespace TokenAuth.Benchmarks;

/// <summary>What a figure is to be.</summary>
/// <param name="IsExact">Whether the figure is counted, not timed: a miss fails the report.</param>
internal sealed record Limit(double Value, bool IsExact = false, bool IsLeast = false)
{
    private const double Tolerance = 0.05;

    public static Limit AtMost(double value) => new(value);

    public static Limit AtLeast(double value) => new(value, IsLeast: true);

    public static Limit Counted(double atMost) => new(atMost, IsExact: true);

    public bool IsMetBy(double figure) => IsLeast ? figure >= Value : figure <= Value;

    public bool IsAtLeastAsGood(double figure, double other)
    {
        var tolerance = IsExact ? 0 : Math.Abs(other) * Tolerance;

        return IsLeast ? figure >= other - tolerance : figure <= other + tolerance;
    }
}
