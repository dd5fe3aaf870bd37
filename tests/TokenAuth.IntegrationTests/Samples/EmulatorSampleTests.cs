using System.Globalization;
using System.Text;
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
        using var sample = SampleProcess.Start("Emulator", "--urls", "http://127.0.0.1:0");
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

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("https://127.0.0.1:5080")]
    [InlineData("5080")]
    public async Task An_address_that_is_not_of_this_machine_is_refused(string urls)
    {
        var (exitCode, _, error) = await SampleProcess.RunAsync("Emulator", "--urls", urls);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"--urls is '{urls}'; write http://127.0.0.1 and a port, for example http://127.0.0.1:5080.",
            error.TrimEnd()
        );
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
