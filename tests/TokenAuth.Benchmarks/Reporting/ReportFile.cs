using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TokenAuth.Benchmarks;

/// <summary>The report as JSON, with the machine it was made on.</summary>
internal static class ReportFile
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by people
    };

    public static string Machine =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}";

    public static string Write(IReadOnlyList<Row> rows) =>
        JsonSerializer.Serialize(
            new
            {
                Machine,
                Date = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", null),
                Rows = rows,
            },
            _json
        );

    private static string Processor()
    {
        const string information = "/proc/cpuinfo";

        return
            File.Exists(information)
            && File.ReadLines(information)
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
    }
}
