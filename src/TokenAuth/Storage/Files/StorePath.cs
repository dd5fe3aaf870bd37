namespace TokenAuth;

/// <summary>Judges the way to a directory.</summary>
internal static class StorePath
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Refuses a symbolic link in the last component, and wherever others could put another one.</summary>
    /// <exception cref="TokenStoreException">There is one.</exception>
    public static void RefuseLinks(string path)
    {
        if (IsLink(path))
            throw StoreDirectoryError.IsLink(path);

        for (var part = Path.GetDirectoryName(path); part is not null; part = Path.GetDirectoryName(part))
            if (IsLink(part) && MayOthersWriteTo(Path.GetDirectoryName(part)))
                throw StoreDirectoryError.IsLink(part);
    }

    /// <summary>True for the directory where a volume is mounted, which may hold what a file system puts there.</summary>
    public static bool IsVolumeRoot(string path)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(path))
            return false;

        return Directory.Exists(Path.Combine(path, "lost+found"))
            || FileStatus.Of(path) is { } status
                && (
                    status.IsMountRoot
                    || Path.GetDirectoryName(path) is not { } parent
                    || FileStatus.Of(parent) is { } above && above.Device != status.Device
                );
    }

    private static bool IsLink(string path) => new DirectoryInfo(path).LinkTarget is not null;

    private static bool MayOthersWriteTo(string? directory) =>
        directory is not null
        && !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(directory) & OthersWrite) != UnixFileMode.None;
}
