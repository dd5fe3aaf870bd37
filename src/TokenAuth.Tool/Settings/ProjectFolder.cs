using System.Xml;
using System.Xml.Linq;

namespace TokenAuth.Tool;

/// <summary>The folder of an application, and its project file where it has one.</summary>
internal sealed record ProjectFolder(string Path, string? File)
{
    private static readonly string[] _extensions = [".csproj", ".fsproj", ".vbproj"];

    /// <exception cref="ToolException">There is no such folder, or it has several projects.</exception>
    public static ProjectFolder Find(string? path)
    {
        if (path is not null && (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal)))
            throw new ToolException(
                "--project is empty or has a null character; name the application's folder or project file.",
                ExitStatus.Usage
            );

        var full = System.IO.Path.GetFullPath(path ?? ".");
        if (System.IO.File.Exists(full) && IsProject(full))
            return new(System.IO.Path.GetDirectoryName(full)!, full);
        if (!Directory.Exists(full))
            throw new ToolException(
                $"--project is '{SecretText.Shown(path ?? ".")}', which is neither a folder nor a project file.",
                ExitStatus.Usage
            );

        var files = FilesOf(full).Where(IsProject).Order(StringComparer.Ordinal).ToList();

        return files.Count <= 1
            ? new(full, files.FirstOrDefault())
            : throw new ToolException(
                $"The folder {full} has {files.Count} project files; name one, for example --project {System.IO.Path.GetFileName(files[0])}.",
                ExitStatus.Usage
            );
    }

    /// <summary>The id below which <c>dotnet user-secrets</c> keeps the project's secrets; null without one.</summary>
    /// <exception cref="ToolException">A project file cannot be read.</exception>
    public string? UserSecretsId() =>
        Files()
            .Select(UserSecretsIdIn)
            .FirstOrDefault(id => id is not null && !id.Contains('$', StringComparison.Ordinal));

    private static string[] FilesOf(string folder)
    {
        try
        {
            return Directory.GetFiles(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(
                $"The folder {folder} cannot be listed: {exception.Message} Name its project file with --project.",
                ExitStatus.Failed
            );
        }
    }

    // A property is often set for all projects of a repository.
    private IEnumerable<string> Files()
    {
        if (File is null)
            yield break;

        yield return File;
        for (var folder = Path; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            var shared = System.IO.Path.Combine(folder, "Directory.Build.props");
            if (System.IO.File.Exists(shared))
                yield return shared;
        }
    }

    private static string? UserSecretsIdIn(string file)
    {
        try
        {
            return XDocument
                .Load(file)
                .Descendants()
                .LastOrDefault(element => element.Name.LocalName == "UserSecretsId")
                ?.Value.Trim();
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{file} cannot be read as a project file: {exception.Message}", ExitStatus.Failed);
        }
    }

    private static bool IsProject(string file) =>
        _extensions.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}
