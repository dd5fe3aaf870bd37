using System.Diagnostics;
using TokenAuth.IntegrationTests.Package;

namespace TokenAuth.IntegrationTests.CommandLine;

/// <summary>A <c>tokenauth</c> process, as a person starts it in an application's folder.</summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private ToolProcess(Process process) => _process = process;

    /// <summary>What the build has built.</summary>
    public static string Assembly { get; } =
        Path.Combine(
            Sdk.Repository,
            "src",
            "TokenAuth.Tool",
            "bin",
            Sdk.Configuration,
            "net10.0",
            "TokenAuth.Tool.dll"
        );

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    public static ToolProcess Start(Application application, params string[] arguments)
    {
        // A runner in the background ignores SIGINT and SIGHUP, and its children inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal", "dotnet", Assembly, .. arguments])
        {
            WorkingDirectory = application.WorkingDirectory ?? application.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        application.AddTo(start.Environment);

        return new(Process.Start(start)!);
    }

    public static async Task<ToolResult> RunAsync(Application application, params string[] arguments)
    {
        using var process = Start(application, arguments);

        return await process.EndAsync();
    }

    public async Task<ToolResult> EndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(_longest);
        var stop = limit.Token;
        var error = _process.StandardError.ReadToEndAsync(stop);
        var output = await _process.StandardOutput.ReadToEndAsync(stop);
        await _process.WaitForExitAsync(stop);

        return new(_process.ExitCode, output, await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
