using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using TokenAuth.IntegrationTests.Emulator;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.CommandLine;

/// <summary>A token is in a pipe or in a file of this user's alone: in no argument, in no transcript.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretsStayTests : IAsyncLifetime
{
    private readonly Application _shop = new();
    private readonly Shell _shell = new();
    private TokenServiceEmulator _emulator = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await TokenServiceEmulator.StartAsync(cancellationToken: Stop);
        _shop.Settings(
            $$"""
            { "TokenAuth": {
              "speech": {
                "Provider": "AzureSpeech",
                "SubscriptionKey": "{{_emulator.AzureSpeech.PrimaryKey}}",
                "TokenEndpoint": "{{_emulator.AzureTokenEndpoint}}"
              },
              "service": { "Provider": "StaticToken", "Token": "emulated-service-token" }
            } }
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        _shop.Dispose();
        await _emulator.DisposeAsync();
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("show")]
    [InlineData("show --json")]
    [InlineData("doctor --json")]
    [InlineData("print service")]
    [InlineData("print service --json")]
    [InlineData("key")]
    public async Task Nothing_secret_is_on_a_terminal_unless_it_is_asked_for(string arguments)
    {
        Assert.SkipUnless(Shell.Has("script"), "script (util-linux) is not installed");

        var transcript = await OnTerminalAsync(arguments);

        Assert.NotEqual("", transcript);
        Assert.DoesNotContain("emulated-service-token", transcript, StringComparison.Ordinal);
        Assert.DoesNotContain(_emulator.AzureSpeech.PrimaryKey, transcript, StringComparison.Ordinal);
        Assert.DoesNotMatch("eyJ[A-Za-z0-9_-]{10}", transcript);
        Assert.DoesNotMatch("[A-Za-z0-9+/]{43}=", transcript); // an EncryptionKey
    }

    [Fact]
    public async Task A_terminal_gets_the_token_with_show_and_colours_unless_NO_COLOR_says_no()
    {
        Assert.SkipUnless(Shell.Has("script"), "script (util-linux) is not installed");

        Assert.Contains(
            "emulated-service-token",
            await OnTerminalAsync("print service --show"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\u001b[32mok",
            (await OnTerminalAsync("doctor speech")).Replace(
                "\u001b[32m  ok",
                "\u001b[32mok",
                StringComparison.Ordinal
            ),
            StringComparison.Ordinal
        );

        _shop.Variables["NO_COLOR"] = "1";
        Assert.DoesNotMatch("\u001b\\[3[0-9]", await OnTerminalAsync("doctor speech"));
    }

    [Fact]
    public async Task A_pipe_gets_the_token_and_nothing_else()
    {
        var plain = await ToolProcess.RunAsync(_shop, "print", "service");
        var json = await ToolProcess.RunAsync(_shop, "print", "speech", "--json");

        Assert.Equal(new ToolResult(0, "emulated-service-token\n", ""), plain);
        var token = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(3, token.GetProperty("token").GetString()!.Split('.').Length);
        Assert.InRange(token.GetProperty("expiresInSeconds").GetInt32(), 500, 600);
    }

    [Fact]
    public async Task A_file_is_this_user_s_alone_and_one_that_others_may_read_is_refused()
    {
        _shop.Write("old.txt", "a longer text than the token, which stood in the file before it");
        File.SetUnixFileMode(Path.Combine(_shop.Path, "old.txt"), (UnixFileMode)0b110_100_100);

        var written = await ToolProcess.RunAsync(_shop, "print", "service", "--to-file", "old.txt");
        var redirected = await InShellAsync("umask 022; tokenauth print service > new.txt; echo status $?");
        var own = await InShellAsync("umask 077; tokenauth print service > own.txt; echo status $?");
        var device = await ToolProcess.RunAsync(_shop, "print", "service", "--to-file", "/dev/null");

        Assert.Equal(new ToolResult(0, "", ""), written);
        Assert.Equal("emulated-service-token", await File.ReadAllTextAsync(Path.Combine(_shop.Path, "old.txt"), Stop));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Path.Combine(_shop.Path, "old.txt")));
        Assert.Equal("status 2\n", redirected.Output);
        Assert.Contains("Other users can read ", redirected.Error, StringComparison.Ordinal);
        Assert.Equal("status 0\n", own.Output);
        Assert.Equal(2, device.ExitCode);
        Assert.True(File.Exists("/dev/null") && new FileInfo("/dev/null").LinkTarget is null);
    }

    [Fact]
    public async Task No_process_has_a_token_in_its_arguments()
    {
        _shop.Write("wait.sh", "echo ready; echo \"$1\"; cat \"$TOKENAUTH_TOKEN_FILE\"; echo; sleep 30");

        using var tool = ToolProcess.Start(
            _shop,
            "exec",
            "speech",
            "--env",
            "SPEECH",
            "--",
            "sh",
            "wait.sh",
            "{header-file}",
            "{token-file}"
        );
        Assert.Equal("ready", await tool.Output.ReadLineAsync(Stop));
        var header = await tool.Output.ReadLineAsync(Stop);
        var token = (await tool.Output.ReadLineAsync(Stop))!;

        Assert.Equal(3, token.Split('.').Length);
        Assert.Equal($"Authorization: Bearer {token}\n", await File.ReadAllTextAsync(header!, Stop));
        var lines = CommandLines();
        Assert.Contains(lines, line => line.Contains(header!, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(token.Split('.')[2], StringComparison.Ordinal));
        Assert.DoesNotContain(token, (await _shell.RunAsync("ps -eo args")).Output, StringComparison.Ordinal);
    }

    private static List<string> CommandLines()
    {
        var lines = new List<string>();
        foreach (
            var process in Directory
                .GetDirectories("/proc")
                .Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit))
        )
            try
            {
                lines.Add(File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' '));
            }
            catch (IOException)
            {
                // it has ended
            }

        return lines;
    }

    private async Task<string> OnTerminalAsync(string arguments)
    {
        var (_, output, error) = await InShellAsync(
            $"script -qec 'dotnet {ToolProcess.Assembly} {arguments}' transcript < /dev/null"
        );

        return output + error + await File.ReadAllTextAsync(Path.Combine(_shop.Path, "transcript"), Stop);
    }

    private async Task<ToolResult> InShellAsync(string script)
    {
        var start = new ProcessStartInfo(
            "sh",
            ["-c", $"tokenauth() {{ dotnet {ToolProcess.Assembly} \"$@\"; }}; {script}"]
        )
        {
            WorkingDirectory = _shop.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _shop.AddTo(start.Environment);
        start.Environment["TERM"] = "xterm-256color";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);

        return new(process.ExitCode, output, await error);
    }
}
