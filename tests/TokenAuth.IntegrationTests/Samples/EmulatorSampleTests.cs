using System.Globalization;
using System.Text;
using System.Text.Json;
using TokenAuth.IntegrationTests.Emulator;

namespace TokenAuth.IntegrationTests.Samples;

public sealed class EmulatorSampleTests : IDisposable
{
    private readonly Shell _shell = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_commands_that_it_prints_get_their_answers()
    {
        Assert.SkipUnless(Shell.Has("curl"), "curl is not installed");
        using var sample = SampleProcess.Start("Emulator", "--port", "0");
        var script = await ReadCommandsAsync(sample.Output);

        var (exitCode, output, error) = await _shell.RunAsync("set -e\n" + script);
        await _shell.RunAsync(string.Create(CultureInfo.InvariantCulture, $"kill -TERM {sample.Id}"));
        var (sampleExitCode, ledger, _) = await sample.EndAsync();

        Assert.True(exitCode == 0, error);
        var answers = output.TrimEnd().Split('\n');
        Assert.StartsWith("{\"refresh_token\":", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"refresh_token\":", answers[1], StringComparison.Ordinal);
        Assert.StartsWith("{\"qid\":", answers[2], StringComparison.Ordinal);
        Assert.StartsWith("{\"status\":200,", answers[3], StringComparison.Ordinal);
        Assert.Equal(3, answers[4].Split('.').Length);
        Assert.StartsWith("{\"RecognitionStatus\":\"Success\",", answers[5], StringComparison.Ordinal);
        Assert.Equal(
            """
            # client_credentials 2, refresh_token 1, issueToken 1
            # refresh tokens spent 2, access tokens issued 4
            # data calls 5, rejected 0
            """,
            ledger.TrimEnd()
        );
        Assert.Equal(0, sampleExitCode);
    }

    [Fact]
    public async Task A_fault_meets_as_many_requests_as_the_option_says()
    {
        Assert.SkipUnless(Shell.Has("curl"), "curl is not installed");
        using var sample = SampleProcess.Start("Emulator", "--port", "0", "--fault", "azure-token=503*2");
        var script = await ReadCommandsAsync(sample.Output);
        var ask = script.Split('\n').First(line => line.StartsWith("token=$(curl", StringComparison.Ordinal));
        var status = ask.Replace("token=$(curl", "curl -o /dev/null -w '%{http_code} '", StringComparison.Ordinal)[
            ..^1
        ];

        var (_, output, error) = await _shell.RunAsync($"{status}; {status}; {status}");

        Assert.Equal(("503 503 200 ", ""), (output, error));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_the_remedy()
    {
        using var first = SampleProcess.Start("Emulator", "--port", "0", "--json");
        var json = new StringBuilder();
        while (await first.Output.ReadLineAsync(Stop) is { } line && json.Append(line).ToString() is not [.., '}']) { }
        var port = JsonDocument.Parse(json.ToString()).RootElement.GetProperty("voice").GetString()!.Split(':', '/')[
            ^2
        ];

        var (exitCode, output, error) = await SampleProcess.RunAsync("Emulator", "--port", port);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith(
            $"tokenauth: The emulator cannot listen on 127.0.0.1 port {port}: ",
            error,
            StringComparison.Ordinal
        );
        Assert.EndsWith("Name another one with --port, or 0 for a free one.\n", error, StringComparison.Ordinal);
    }

    public void Dispose() => _shell.Dispose();

    private static async Task<string> ReadCommandsAsync(StreamReader output)
    {
        var script = new StringBuilder();
        while (await output.ReadLineAsync(Stop) is { } line && !line.StartsWith("# Ctrl+C", StringComparison.Ordinal))
            script.AppendLine(line);
        return script.ToString();
    }
}
