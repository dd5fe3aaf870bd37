using BenchmarkDotNet.Attributes;

namespace TokenAuth.Benchmarks;

/// <summary>Every caller through every channel, as BenchmarkDotNet measures.</summary>
[MemoryDiagnoser]
public class WarmPathBenchmarks
{
    private const int Requests = 1_000;

    private Caller _caller = null!; // set before the first benchmark

    /// <summary>Who sends.</summary>
    [ParamsSource(nameof(Callers))]
    public string CallerName { get; set; } = "";

    /// <summary>What is sent through.</summary>
    [Params("Invoker", "Client", "FactoryClient")]
    public string Through { get; set; } = "";

    /// <summary>The token's length in characters.</summary>
    [Params(64, 1064)]
    public int TokenLength { get; set; }

    /// <summary>Whether the inner handler completes later than at once.</summary>
    [Params(false, true)]
    public bool IsLater { get; set; }

    /// <summary>Everybody.</summary>
    public static IEnumerable<string> Callers => [CallerFactory.ByHand, .. CallerFactory.Ours, .. CallerFactory.Peers];

    /// <summary>Makes the caller and lets it obtain its token.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _caller = new CallerFactory(Enum.Parse<Channel>(Through), TokenLength, IsLater).Create(CallerName);
        _caller.Send(1);
    }

    /// <summary>One request.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public void Send() => _caller.Send(Requests);
}
