using System.Globalization;

namespace TokenAuth.Soak;

/// <summary>One promise, and what came of it.</summary>
internal sealed record Limit(string Name, string Figure, bool IsMet)
{
    public static Limit AtMost(string name, double figure, double most) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{figure:0.##} of at most {most:0.##}"), figure <= most);

    public static Limit AtLeast(string name, double figure, double least) =>
        new(
            name,
            string.Create(CultureInfo.InvariantCulture, $"{figure:0.##} of at least {least:0.##}"),
            figure >= least
        );

    /// <summary>The last quarter's median is not above the first one's by more than the margin.</summary>
    public static Limit Flat(string name, (double First, double Last)? quarters, double share, double margin) =>
        quarters is { } both
            ? new(
                name + " flat",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{both.First:0.0} in the first quarter, {both.Last:0.0} in the last; {Math.Max(both.First * share, margin):0.0} more allowed"
                ),
                both.Last <= both.First + Math.Max(both.First * share, margin)
            )
            : new(name + " flat", "too few samples", IsMet: false);

    public override string ToString() => $"  {(IsMet ? "met   " : "MISSED")}  {Name}: {Figure}";
}
