namespace TokenAuth.IntegrationTests.Package;

/// <summary>Tests that build, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PackedOnce : ICollectionFixture<Packages>
{
    public const string Name = "Packages";
}
