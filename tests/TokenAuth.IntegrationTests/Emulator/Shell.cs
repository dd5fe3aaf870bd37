using System.Diagnostics;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>Runs a command line as a person would, in a directory of its own.</summary>
internal sealed class Shell : IDisposable
{
    public DirectoryInfo Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tokenauth-");

    /// <summary>Whether a person could run it here.</summary>
    public static bool Has(string command) => Find(command) is not null;

    /// <summary>The file that <c>PATH</c> leads to; null where there is none.</summary>
    public static string? Find(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, command))
            .FirstOrDefault(File.Exists);

    public string PathOf(string file) => Path.Combine(Directory.FullName, file);

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(string script)
    {
        using var process = Process.Start(
            new ProcessStartInfo("sh", ["-c", script])
            {
                WorkingDirectory = Directory.FullName,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(recursive: true);
}
