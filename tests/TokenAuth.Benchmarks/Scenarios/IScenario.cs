namespace TokenAuth.Benchmarks;

/// <summary>Something that happens to applications, measured.</summary>
internal interface IScenario
{
    Task<IReadOnlyList<Row>> RunAsync();
}
