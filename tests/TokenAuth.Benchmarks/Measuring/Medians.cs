namespace TokenAuth.Benchmarks;

internal static class Medians
{
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();

        return sorted[sorted.Length / 2];
    }
}
