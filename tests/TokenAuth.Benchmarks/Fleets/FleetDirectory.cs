namespace TokenAuth.Benchmarks;

/// <summary>A temporary directory for a file store.</summary>
internal sealed class FleetDirectory : IAsyncDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("tokenauth-benchmark-");

    public string Store => Path.Combine(_parent.FullName, "store");

    public ValueTask DisposeAsync()
    {
        _parent.Delete(recursive: true);

        return default;
    }
}
