namespace TokenAuth.TestKit;

/// <summary>A directory that a test may fill; gone with the test.</summary>
public sealed class TestDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("tokenauth-").FullName;

    /// <summary>Does not exist yet.</summary>
    public string Store => Path.Combine(Root, "store");

    public string FileOf(string key, string suffix) => Path.Combine(Store, key + suffix);

    /// <summary>As ls prints it: rwxr-x---.</summary>
    public static string Mode(string path)
    {
        const string letters = "rwxrwxrwx";
        var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

        return string.Concat(letters.Select((letter, i) => ((int)mode >> (8 - i) & 1) == 1 ? letter : '-'));
    }

    public static void SetMode(string path, string letters)
    {
        var mode = letters.Aggregate(0, (bits, letter) => (bits << 1) | (letter == '-' ? 0 : 1));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    /// <summary>Tries again while an attempt that the test has given up still makes its file.</summary>
    public void Dispose()
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                Directory.Delete(Root, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 10) { }
    }
}
