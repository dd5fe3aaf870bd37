using System.Diagnostics;
using System.Text.RegularExpressions;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>A pasted program that runs as <c>dotnet run</c> runs it, until it is disposed.</summary>
internal sealed class PastedProcess : IDisposable
{
    private readonly Process _process;

    public PastedProcess(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "--no-build", .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Whoever runs the tests may have set the real ones.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Where a web application listens.</summary>
    public async Task<Uri> AddressAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(Stop) is { } line)
            if (Regex.Match(line, @"Now listening on: (\S+)") is { Success: true } listening)
            {
                _ = _process.StandardOutput.ReadToEndAsync(); // a full pipe would stop the application
                return new(listening.Groups[1].Value);
            }

        throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(Stop));
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        var error = _process.StandardError.ReadToEndAsync(Stop);
        var output = await _process.StandardOutput.ReadToEndAsync(Stop);
        await _process.WaitForExitAsync(Stop);

        return (_process.ExitCode, output, await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("TokenAuth__", StringComparison.OrdinalIgnoreCase)
        || name is "SPEECH_KEY" or "ASPNETCORE_URLS" or "ASPNETCORE_ENVIRONMENT";
}
