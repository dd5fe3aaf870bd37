namespace TokenAuth.Tests.Tool;

/// <summary>A folder with an application's settings.</summary>
internal sealed class ApplicationFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tokenauth-application-");

    public string Path => _folder.FullName;

    public ApplicationFolder With(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);

        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
