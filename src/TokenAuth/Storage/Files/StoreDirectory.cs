using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>The file store's directory: made, checked and kept private before each use.</summary>
internal sealed class StoreDirectory(string path, ILogger logger)
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;
    private const UnixFileMode NotTheUser = (UnixFileMode)0b111_111;

    private int _swept; // 1 from the first use on, through Interlocked

    /// <summary>Null where the user has no home.</summary>
    public static string? DefaultPath =>
        PathUnder(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            )
        );

    public string FullPath { get; } = Path.GetFullPath(path);

    public static string? PathUnder(string localData) =>
        localData.Length == 0 ? null : Path.Combine(localData, "TokenAuth");

    public RecordFiles For(string key) => new(this, key);

    /// <exception cref="TokenStoreException">The directory is not one to keep tokens in.</exception>
    public void Prepare()
    {
        RefuseLink(new DirectoryInfo(FullPath));
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(FullPath); // the user's profile is closed to others
        else if (!Directory.Exists(FullPath))
            Directory.CreateDirectory(FullPath, DirectoryMode);
        else if ((File.GetUnixFileMode(FullPath) & NotTheUser) != UnixFileMode.None)
            Tighten();

        if (Interlocked.Exchange(ref _swept, 1) == 0)
            Sweep();
    }

    /// <summary>Refuses a symbolic link, and takes the access of others from a file.</summary>
    public void Guard(string file)
    {
        var info = new FileInfo(file);
        RefuseLink(info);
        if (OperatingSystem.IsWindows() || !info.Exists || (info.UnixFileMode & NotTheUser) == UnixFileMode.None)
            return;

        info.UnixFileMode = FileMode;
        logger.Tightened(file);
    }

    public static TokenStoreException LinkRefused(string path) =>
        new(
            $"'{path}' is a symbolic link, through which somebody else could choose where tokens go; "
                + "name the real directory, or remove the link."
        );

    private static void RefuseLink(FileSystemInfo info)
    {
        if (info.LinkTarget is not null)
            throw LinkRefused(info.FullName);
    }

    private void Tighten()
    {
        // Taking /tmp or a home directory from everybody else would harm more than the store can do good.
        var foreign = Directory
            .EnumerateFileSystemEntries(FullPath)
            .FirstOrDefault(entry => !RecordFiles.IsOurs(entry));
        if (foreign is not null)
            throw new TokenStoreException(
                $"The store directory '{FullPath}' is open to other users and holds '{Path.GetFileName(foreign)}', which is not "
                    + "the store's; give the store a directory of its own, or make this one private (chmod 700)."
            );

        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(FullPath, DirectoryMode);
            logger.Tightened(FullPath);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new TokenStoreException(
                $"The store directory '{FullPath}' is open to other users and belongs to another one (a mounted volume?); "
                    + "name a directory inside it, which the store makes for itself.",
                e
            );
        }
    }

    /// <summary>Removes what writers left that were killed.</summary>
    private void Sweep()
    {
        foreach (var file in Directory.EnumerateFiles(FullPath, "*" + RecordFiles.TemporarySuffix))
        {
            if (!RecordFiles.IsOurs(file))
                continue;

            var files = For(Path.GetFileNameWithoutExtension(file));
            using var gate = files.TryEnter(); // a writer at work is inside and keeps its file
            if (gate is not null)
                File.Delete(file);
        }
    }
}
