using System.Diagnostics;
using System.Runtime.InteropServices;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>A TokenAuth.StoreWorker process.</summary>
public sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private bool _isDisposed;

    private WorkerProcess(Process process) => _process = process;

    public static WorkerProcess Start(string encryptionKey, string? server, params string[] arguments) =>
        Start(encryptionKey, server, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <param name="environment">More variables.</param>
    public static WorkerProcess Start(
        string encryptionKey,
        string? server,
        IReadOnlyDictionary<string, string> environment,
        string[] arguments
    )
    {
        // The worker's output stands beside this project's, for the same framework and configuration.
        var directory = AppContext.BaseDirectory.Replace(
            "TokenAuth.IntegrationTests",
            "TokenAuth.StoreWorker",
            StringComparison.Ordinal
        );
        var start = new ProcessStartInfo(Path.Combine(directory, "TokenAuth.StoreWorker"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["WORKER_ENCRYPTION_KEY"] = encryptionKey;
        start.Environment["WORKER_SERVER"] = server;
        start.Environment["WORKER_CLIENT_ID"] = VkCloudClient.Voice.ClientId;
        start.Environment["WORKER_CLIENT_SECRET"] = VkCloudClient.Voice.ClientSecret;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["DOTNET_TC_CallCounting"] = "0"; // it ends before its code would be worth compiling again
        // Where "dotnet" comes from a directory that only the path names.
        start.Environment.TryAdd(
            "DOTNET_ROOT",
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."))
        );

        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>The next line it prints; fails with what it says on its error output when it ends before.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(TestRun.Cancellation)
        ?? throw new InvalidOperationException("The worker ended: " + await _process.StandardError.ReadToEndAsync());

    public async Task<string> ReadUntilAsync(string line)
    {
        while (true)
        {
            var read = await ReadLineAsync();
            if (read == line)
                return read;
        }
    }

    /// <summary>Lets a process go on that waits for a line.</summary>
    public void Go()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
    }

    /// <summary>The next line it prints; null when it has ended.</summary>
    public async Task<string?> TryReadLineAsync() => await _process.StandardOutput.ReadLineAsync(TestRun.Cancellation);

    /// <summary>Waits until it ends by itself, and fails unless it ended well.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(TestRun.Cancellation);
        await _process.WaitForExitAsync(TestRun.Cancellation);
        if (_process.ExitCode != 0)
            throw new InvalidOperationException("The worker failed: " + await _process.StandardError.ReadToEndAsync());

        return output;
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync(TestRun.Cancellation);

    /// <summary>SIGKILL: nothing in the process runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestRun.Cancellation);
    }

    /// <summary>SIGSTOP: the process lives, holds what it holds and does nothing.</summary>
    public void Stop() => Signal("-STOP");

    public void Continue() => Signal("-CONT");

    /// <summary>SIGTERM: the process is asked to end.</summary>
    public void Terminate() => Signal("-TERM");

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
