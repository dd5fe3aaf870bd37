using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using TokenAuth.IntegrationTests.Emulator;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.CommandLine;

[UnsupportedOSPlatform("windows")]
public sealed class ExecTests : IAsyncLifetime
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
              "Store": { "Kind": "File", "Directory": "{{Path.Combine(
                _shop.Home,
                "tokens"
            )}}", "AllowUnencrypted": true },
              "voice": {
                "Provider": "VkCloud",
                "ClientId": "{{VkCloudClient.Voice.ClientId}}",
                "ClientSecret": "{{VkCloudClient.Voice.ClientSecret}}",
                "TokenEndpoint": "{{_emulator.VkTokenEndpoint}}"
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
    [InlineData(0, "sh", "-c", "exit 0")]
    [InlineData(42, "sh", "-c", "exit 42")]
    [InlineData(143, "sh", "-c", "kill -TERM $$")]
    [InlineData(127, "there-is-no-such-command")]
    [InlineData(126, "./Shop.csproj")]
    [InlineData(127, "only-here.sh")] // the current folder is not on the path
    public async Task The_exit_status_is_the_command_s(int status, params string[] command)
    {
        _shop.Write("only-here.sh", "#!/bin/sh\nexit 0\n");
        File.SetUnixFileMode(Path.Combine(_shop.Path, "only-here.sh"), (UnixFileMode)0b111_101_101);

        var result = await ToolProcess.RunAsync(_shop, ["exec", "service", "--", .. command]);

        Assert.True(result.ExitCode == status, result.ToString());
    }

    [Theory]
    [InlineData("nobody", "tokenauth: No token provider is named 'nobody'; the section has 'service', 'voice'.\n")]
    public async Task A_failure_before_the_command_is_125(string name, string message)
    {
        var result = await ToolProcess.RunAsync(_shop, "exec", name, "--", "true");

        Assert.Equal(new ToolResult(125, "", message), result);
    }

    [Fact]
    public async Task Without_a_file_the_token_is_in_the_environment()
    {
        var unnamed = await ToolProcess.RunAsync(_shop, "exec", "service", "--", "sh", "-c", "echo $TOKENAUTH_TOKEN");
        var named = await ToolProcess.RunAsync(
            _shop,
            "exec",
            "service",
            "--env",
            "MINE",
            "--",
            "sh",
            "-c",
            "echo $MINE$TOKENAUTH_TOKEN"
        );

        Assert.Equal(new ToolResult(0, "emulated-service-token\n", ""), unnamed);
        Assert.Equal(new ToolResult(0, "emulated-service-token\n", ""), named);
    }

    [Fact]
    public async Task Curl_reads_the_header_from_the_file()
    {
        Assert.SkipUnless(Shell.Has("curl"), "curl is not installed");

        var result = await ToolProcess.RunAsync(
            _shop,
            "exec",
            "voice",
            "--",
            "curl",
            "-sS",
            "-o",
            "hello.mp3",
            "-w",
            "%{http_code}",
            "-H",
            "@{header-file}",
            $"{_emulator.VoiceAddress}tts?encoder=mp3&text=hello"
        );

        Assert.True(result is { ExitCode: 0, Output: "200" }, result.ToString());
        Assert.Equal(1, _emulator.Ledger.RefreshTokensMinted);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_reaches_the_command_and_its_files_go_with_it(string signal)
    {
        _shop.Write(
            "wait.sh",
            $"trap 'exit 7' {signal}\nstat -c '%a' \"$1\" \"$(dirname \"$1\")\"\necho \"$1\"\nwhile :; do sleep 0.1; done\n"
        );

        using var tool = ToolProcess.Start(_shop, "exec", "service", "--", "sh", "wait.sh", "{header-file}");
        Assert.Equal("600", await tool.Output.ReadLineAsync(Stop));
        Assert.Equal("700", await tool.Output.ReadLineAsync(Stop));
        var file = await tool.Output.ReadLineAsync(Stop);
        Assert.True(File.Exists(file));
        await _shell.RunAsync(string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {tool.Id}"));
        var result = await tool.EndAsync();

        Assert.True(result.ExitCode == 7, result.ToString());
        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_while_the_token_is_fetched_ends_it_and_the_command_is_not_started(
        string signal,
        int status
    )
    {
        using var silent = new TcpListener(IPAddress.Loopback, port: 0);
        silent.Start();
        _shop.Variables["TokenAuth__voice__TokenEndpoint"] = $"http://{silent.LocalEndpoint}/token";

        using var tool = ToolProcess.Start(_shop, "exec", "voice", "--", "sh", "-c", "touch started");
        using var request = await silent.AcceptTcpClientAsync(Stop);
        await _shell.RunAsync(string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {tool.Id}"));
        var result = await tool.EndAsync();

        Assert.Equal(
            new ToolResult(
                status,
                "",
                $"tokenauth: SIG{signal} came before the command was started, so it was not started.\n"
            ),
            result
        );
        Assert.False(File.Exists(Path.Combine(_shop.Path, "started")));
    }

    [Fact]
    public async Task The_file_is_renewed_while_the_command_runs()
    {
        _emulator.Options.VkCloud.AccessTokenLifetime = TimeSpan.FromSeconds(6);
        _shop.Write(
            "wait.sh",
            """
            first=$(cat "$1"); i=0
            while [ "$(cat "$1")" = "$first" ]; do i=$((i+1)); [ $i -lt 300 ] || exit 1; sleep 0.1; done
            """
        );

        var result = await ToolProcess.RunAsync(_shop, "exec", "voice", "--", "sh", "wait.sh", "{token-file}");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(1, _emulator.Ledger.RefreshTokensMinted);
        Assert.True(_emulator.Ledger.RefreshTokenCalls >= 1);
    }
}
