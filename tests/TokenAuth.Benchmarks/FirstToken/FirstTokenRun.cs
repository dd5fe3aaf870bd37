using System.Globalization;
using System.Runtime;

namespace TokenAuth.Benchmarks;

/// <summary>What a process that has obtained its first token says of itself.</summary>
/// <param name="Processor">The processor's time.</param>
/// <param name="Jit">The part of it that the JIT took.</param>
/// <param name="Methods">The methods that the JIT compiled.</param>
/// <param name="Assemblies">The assemblies that were loaded.</param>
internal sealed record FirstTokenRun(TimeSpan Processor, TimeSpan Jit, long Methods, int Assemblies)
{
    /// <summary>From the start of the process, by whoever started it.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Writes what <see cref="Parse"/> reads: the first line, which ends the measurement, with as little work as possible.</summary>
    public static void PrintThis()
    {
        Console.Out.WriteLine(Environment.CpuUsage.TotalTime.ToString("c", null));
        Console.Out.WriteLine(
            string.Join(
                ' ',
                JitInfo.GetCompilationTime().ToString("c", null),
                JitInfo.GetCompiledMethodCount().ToString("D", null),
                AppDomain.CurrentDomain.GetAssemblies().Length.ToString("D", null)
            )
        );
    }

    public static FirstTokenRun Parse(string processor, string rest)
    {
        var figures = rest.Split(' ');

        return new(
            TimeSpan.Parse(processor, CultureInfo.InvariantCulture),
            TimeSpan.Parse(figures[0], CultureInfo.InvariantCulture),
            long.Parse(figures[1], CultureInfo.InvariantCulture),
            int.Parse(figures[2], CultureInfo.InvariantCulture)
        );
    }
}
