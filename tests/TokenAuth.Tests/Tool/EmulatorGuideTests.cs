using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tool;

namespace TokenAuth.Tests.Tool;

public sealed class EmulatorGuideTests
{
    private const string AllowsHttp = " TokenAuth__voice__AllowHttp=true TokenAuth__speech__AllowHttp=true";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", true)]
    public async Task Another_machine_is_told_to_allow_http(string host, bool expected)
    {
        await using var emulator = await TokenServiceEmulator.StartAsync(
            new() { Address = IPAddress.Parse(host) },
            Cancel
        );

        var lines = EmulatorGuide.Text(emulator).Split('\n', StringSplitOptions.TrimEntries);

        Assert.Equal(expected, lines.Any(line => line.EndsWith(AllowsHttp, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_guide_says_that_data_calls_need_the_clients_base_address()
    {
        await using var emulator = await TokenServiceEmulator.StartAsync(new(), Cancel);

        Assert.Contains(
            "# This moves the token calls alone. Set the BaseAddress of the application's clients to the addresses above, too.",
            EmulatorGuide.Text(emulator).Split('\n', StringSplitOptions.TrimEntries)
        );
    }
}
