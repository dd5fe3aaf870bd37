#if !NETSTANDARD_ASSEMBLY
namespace TokenAuth.Tests.Storage;

/// <summary>A directory that a test may fill; gone with the test.</summary>
public sealed class TestDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("tokenauth-").FullName;

    /// <summary>Does not exist yet.</summary>
    public string Store => Path.Combine(Root, "store");

    public string FileOf(string key, string suffix) => Path.Combine(Store, key + suffix);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
#endif
