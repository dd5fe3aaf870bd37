using System.Diagnostics;
using System.Text.Json;

namespace TokenAuth.Benchmarks;

/// <summary>Runs each scenario in a process of its own: what the JIT learned from one would colour the next.</summary>
internal static class ScenarioProcess
{
    public const string Verb = "scenario";

    /// <summary>The child's part: runs a scenario and prints its rows.</summary>
    public static async Task PrintAsync(string name) =>
        Console.WriteLine(JsonSerializer.Serialize(await Report.RunScenarioAsync(name)));

    public static IReadOnlyList<Row> Run(string name)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet")
            {
                ArgumentList = { typeof(ScenarioProcess).Assembly.Location, Verb, name },
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var rows = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"Scenario '{name}' ended with exit status {process.ExitCode}.");

        return JsonSerializer.Deserialize<Row[]>(rows)!;
    }
}
