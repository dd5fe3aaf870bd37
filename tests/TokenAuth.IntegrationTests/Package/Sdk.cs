using System.Diagnostics;

namespace TokenAuth.IntegrationTests.Package;

/// <summary>The command line of the .NET SDK, as a person uses it.</summary>
internal static class Sdk
{
    private static readonly DirectoryInfo _framework = new(AppContext.BaseDirectory); // tests/…/bin/<configuration>/<framework>

    public static string Configuration { get; } = _framework.Parent!.Name;

    public static string Repository { get; } = _framework.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;

    /// <summary>The packages that this machine has already: the tests ask no feed.</summary>
    public static string PackageCache { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Runs a command that has to succeed; what it prints.</summary>
    public static Task<string> RunAsync(string directory, params string[] arguments) =>
        ProcessAsync(directory, "dotnet", arguments);

    public static async Task<string> ProcessAsync(string directory, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the runner of these tests says to its own build is not for this one.
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_TC_CallCounting"] = "0"; // it ends before its code would be worth compiling again
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // a node that stays would hold our output open

        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException(
                    $"{file} {string.Join(' ', arguments)} exited with {process.ExitCode}.\n{output}\n{await error}"
                );
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
