namespace TokenAuth.IntegrationTests.Package;

/// <summary>The sources of this repository in another folder, without what was built from them.</summary>
internal sealed class SourceCopy : IDisposable
{
    private static readonly string[] _built = ["bin", "obj"];

    private readonly DirectoryInfo _directory;

    public SourceCopy(string name)
    {
        _directory = Directory.CreateTempSubdirectory(name);
        foreach (
            var file in Directory
                .GetFiles(Sdk.Repository)
                .Where(file => !file.EndsWith(".sln", StringComparison.Ordinal))
        )
            File.Copy(file, Path.Combine(_directory.FullName, Path.GetFileName(file)));
        foreach (var folder in new[] { ".config", "src", "tests/TokenAuth.AotSmoke" })
            Copy(new DirectoryInfo(Path.Combine(Sdk.Repository, folder)), Path.Combine(_directory.FullName, folder));
        File.Copy(
            Path.Combine(Sdk.Repository, "tests", "Directory.Build.props"),
            Path.Combine(_directory.FullName, "tests", "Directory.Build.props")
        );
    }

    public string Root => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.GetFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.GetDirectories().Where(folder => !_built.Contains(folder.Name)))
            Copy(folder, Path.Combine(to, folder.Name));
    }
}
