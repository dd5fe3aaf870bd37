using System.Diagnostics;

namespace TokenAuth.IntegrationTests.Samples;

/// <summary>A sample as a person runs it: a process of its own, without credentials.</summary>
internal sealed class SampleProcess : IDisposable
{
    private readonly Process _process;

    private SampleProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts what the build of the tests has built.</summary>
    public static SampleProcess Start(string sample, params string[] arguments) =>
        Start(sample, new Dictionary<string, string>(), arguments);

    /// <summary>The same with variables of its environment.</summary>
    public static SampleProcess Start(
        string sample,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory); // tests/…/bin/<configuration>/<framework>
        var root = tests.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        var assembly = Path.Combine(root, "samples", sample, "bin", tests.Parent.Name, tests.Name, sample + ".dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Whoever runs the tests may have set the real ones, there or in user secrets.
        foreach (var name in start.Environment.Keys.Where(IsCredential).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = start.Environment["APPDATA"] = AppContext.BaseDirectory;
        start.Environment["DOTNET_TC_CallCounting"] = "0"; // it ends before its code would be worth compiling again
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Runs one to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string sample,
        params string[] arguments
    )
    {
        using var process = Start(sample, arguments);
        return await process.EndAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var error = _process.StandardError.ReadToEndAsync(stop);
        var output = await _process.StandardOutput.ReadToEndAsync(stop);
        await _process.WaitForExitAsync(stop);
        return (_process.ExitCode, output, await error);
    }

    private static bool IsCredential(string name) =>
        name.StartsWith("TokenAuth__", StringComparison.OrdinalIgnoreCase) || name == "YANDEX_OAUTH_TOKEN";

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
