namespace TokenAuth.IntegrationTests.Package;

/// <summary>Tests that build: they take both processors, so nothing that measures runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PackedOnce : ICollectionFixture<Packages>
{
    public const string Name = "Packages";
}
