namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>Tests that measure what the whole process does, and so run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "Measured";
}
