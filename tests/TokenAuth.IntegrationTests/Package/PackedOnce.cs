namespace TokenAuth.IntegrationTests.Package;

/// <summary>Tests that look at the packages or build with them, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PackedOnce : ICollectionFixture<PackedOnce.Packed>
{
    public const string Name = "Packages";

    /// <summary>Packs before the first of these tests.</summary>
    public sealed class Packed(Packages packages) : IAsyncLifetime
    {
        public async ValueTask InitializeAsync() => await packages.PackAsync();

        public ValueTask DisposeAsync() => default;
    }
}
