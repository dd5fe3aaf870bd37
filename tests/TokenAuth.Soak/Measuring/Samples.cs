namespace TokenAuth.Soak;

/// <summary>The samples of a run, for its first quarter and its last one.</summary>
internal sealed class Samples(TimeSpan warmUp)
{
    private readonly List<(TimeSpan At, ProcessSample Sample)> _all = [];

    public ProcessSample Latest => _all[^1].Sample;

    public void Add(TimeSpan at, ProcessSample sample) => _all.Add((at, sample));

    /// <summary>The medians of the first and the last quarter after the warm-up; null when there is too little.</summary>
    public (double First, double Last)? Quarters(Func<ProcessSample, double> figure)
    {
        var figures = _all.Where(entry => entry.At >= warmUp).Select(entry => figure(entry.Sample)).ToList();
        var quarter = figures.Count / 4;

        return quarter == 0 ? null : (Median(figures[..quarter]), Median(figures[^quarter..]));
    }

    private static double Median(List<double> figures)
    {
        figures.Sort();

        return figures[figures.Count / 2];
    }
}
