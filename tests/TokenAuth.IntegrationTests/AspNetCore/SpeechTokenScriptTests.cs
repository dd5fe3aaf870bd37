using System.ComponentModel;
using TokenAuth.IntegrationTests.Package;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>The tests of speech-token.js, in Node's own test runner.</summary>
public sealed class SpeechTokenScriptTests
{
    private const string Tests = "tests/TokenAuth.IntegrationTests/AspNetCore/speech-token.test.mjs";

    [Fact]
    public async Task The_script_passes_its_tests()
    {
        Assert.SkipUnless(
            await HasNodeAsync(),
            "The tests of speech-token.js need Node.js 18 or later: apt-get install nodejs, or https://nodejs.org."
        );

        var output = await Sdk.ProcessAsync(Sdk.Repository, "node", "--test", "--test-reporter=tap", Tests);

        Assert.Matches("(?m)^# pass [3-9][0-9]$", output);
        Assert.Contains("\n# fail 0\n", output, StringComparison.Ordinal);
        Assert.Contains("\n# skipped 0\n", output, StringComparison.Ordinal);
    }

    private static async Task<bool> HasNodeAsync()
    {
        try
        {
            var version = await Sdk.ProcessAsync(Sdk.Repository, "node", "--version");

            return int.Parse(version.TrimStart('v').Split('.')[0], System.Globalization.CultureInfo.InvariantCulture)
                >= 18;
        }
        catch (Win32Exception)
        {
            return false; // no such program
        }
    }
}
