using System.Diagnostics;

namespace Browser;

/// <summary>
/// The npm packages of the page: <c>npm ci</c> installs them beside the built program, once for each lock file. Without Node
/// there are none, which is no error: <see cref="Problem"/> says what is missing.
/// </summary>
public sealed class NodePackages
{
    private static readonly TimeSpan s_longestInstallation = TimeSpan.FromMinutes(2);

    private NodePackages(string folder, string? problem) => (Folder, Problem) = (folder, problem);

    /// <summary>The <c>node_modules</c> folder.</summary>
    public string Folder { get; }

    /// <summary>Why nothing is installed, and what to do about it.</summary>
    public string? Problem { get; }

    /// <summary>Installs what the folder's <c>package-lock.json</c> lists, unless that has been done.</summary>
    public static async Task<NodePackages> InstallAsync(string folder, CancellationToken cancellationToken = default)
    {
        var modules = Path.Combine(folder, "node_modules");
        await using var turn = await TakeTurnAsync(folder, cancellationToken);
        var wanted = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"), cancellationToken);
        var installed = Path.Combine(modules, ".installed-package-lock.json");
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed, cancellationToken) == wanted)
            return new(modules, null);

        var problem = await RunNpmAsync(folder, cancellationToken);
        if (problem is null)
            await File.WriteAllTextAsync(installed, wanted, cancellationToken);
        return new(modules, problem);
    }

    // Two processes may start at once; the second finds the work of the first.
    private static async Task<FileStream> TakeTurnAsync(string folder, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new(Path.Combine(folder, ".npm-turn"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    private static async Task<string?> RunNpmAsync(string folder, CancellationToken cancellationToken)
    {
        var isWindows = OperatingSystem.IsWindows();
        string[] arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        var start = new ProcessStartInfo(isWindows ? "cmd" : "npm", isWindows ? ["/c", "npm", .. arguments] : arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var npm = Process.Start(start)!;
            using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeLimit.CancelAfter(s_longestInstallation);
            return await WaitAsync(npm, timeLimit.Token);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "npm is not installed (Debian: apt-get install nodejs npm).";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"'npm ci' did not end within {s_longestInstallation.TotalMinutes} minutes.";
        }
    }

    private static async Task<string?> WaitAsync(Process npm, CancellationToken cancellationToken)
    {
        try
        {
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = (await npm.StandardError.ReadToEndAsync(cancellationToken)).Trim();
            await output;
            await npm.WaitForExitAsync(cancellationToken);
            return npm.ExitCode == 0 ? null : $"'npm ci' failed with exit status {npm.ExitCode}: {error}";
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }
    }
}
