namespace TokenAuth.TestKit;

/// <summary>Where the sources lie, whatever the framework's output folder is.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo directory) =>
        File.Exists(System.IO.Path.Combine(directory.FullName, "TokenAuth.sln"))
            ? directory.FullName
            : Find(directory.Parent ?? throw new DirectoryNotFoundException("The tests do not lie in the repository."));
}
