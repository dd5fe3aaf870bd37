using System.Globalization;
using System.Text.RegularExpressions;

namespace TokenAuth.IntegrationTests.Samples;

/// <summary>Each sample as its first lines say it is run, offline.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_quickstart_keeps_its_promises()
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync("Quickstart");

        Assert.True(exitCode == 0, output + error);
        Assert.True(Number("calls", output) > 1_000, output);
        Assert.Equal(0, Number("failed calls", output));
        Assert.InRange(Number("tokens revoked under way", output), 1, 3);
        Assert.True(Number("rejections healed", output) > 0, output);
        Assert.Equal(
            "mcs0000000000.voice.emulator: 1, mcs0000000000.ml.vision.emulator: 1",
            Row("VK refresh tokens spent", output)
        );
        Assert.InRange(Age("oldest Azure token handed out", output), TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(9));
        Assert.InRange(Age("oldest VK token handed out", output), TimeSpan.FromMinutes(41), TimeSpan.FromMinutes(59));
        Assert.Equal("", error);
        await TerminalPicture.SaveAsync("quickstart", Table(output));
    }

    [Fact]
    public async Task VkVision_says_what_is_on_a_picture()
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync("VkVision");

        Assert.True(exitCode == 0, error);
        Assert.Equal(["object_labels: Emulator (99 %)", "scene_labels: Emulator (99 %)"], Lines(output));
    }

    [Fact]
    public async Task VkVoice_speaks_and_understands_itself()
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync("VkVoice");

        Assert.True(exitCode == 0, error);
        Assert.Matches(
            """
            ^synthesized  83,564 bytes of speech
            recognized   Emulated speech of 83564 bytes\.
                         emulated
                         emulated emulated
                         emulated emulated emulated
            streamed     Emulated emulated emulated\.$
            """,
            output.TrimEnd()
        );
    }

    [Theory]
    [InlineData]
    [InlineData("--entra")]
    public async Task AzureSpeech_speaks_into_a_file_understands_it_and_feeds_a_recognizer(params string[] arguments)
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync("AzureSpeech", arguments);

        Assert.True(exitCode == 0, error);
        Assert.Matches(
            """
            ^synthesized  57,644 bytes of speech into .*\.wav
            recognized   Emulated speech of 57644 bytes\.
            recognizer   has a token of \d+ characters$
            """,
            output.TrimEnd()
        );
    }

    [Fact]
    public async Task WebApi_exports_the_listed_instruments_and_no_other()
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync("WebApi");

        Assert.True(exitCode == 0, error);
        Assert.Equal(
            ["speech  9,644 bytes", "speech  21,164 bytes", "health  Healthy", "azure   4 calls, 1 failed, 1 rejected"],
            Lines(output).Where(line => Regex.IsMatch(line, "^(speech|health|azure) "))
        );
        Assert.Equal(
            ["tokenauth.renewal.reason: first", "tokenauth.renewal.reason: rejected"],
            Lines(output).Where(line => line.StartsWith("tokenauth.renewal.reason", StringComparison.Ordinal))
        );
        // The fifth instrument, the remaining life of a token, has no value any more when a host has stopped.
        Assert.Equal(
            [
                "tokenauth.acquire.duration: 2",
                "tokenauth.rejections: 1",
                "tokenauth.renewals first: 1",
                "tokenauth.renewals rejected: 1",
            ],
            Points(output).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>What the console exporter printed: the instrument, the reason if it has one, and how much or how many.</summary>
    private static IEnumerable<string> Points(string output) =>
        from metric in Regex.Split(output, "^Metric Name: ", RegexOptions.Multiline).Skip(1)
        from Match point in Regex.Matches(
            metric,
            @"(?:renewal\.reason: (?<reason>\w+) )?\r?\nValue: (?:Sum: \S+ Count: )?(?<value>\d+)"
        )
        let reason = point.Groups["reason"] is { Success: true } why ? " " + why.Value : ""
        select $"{metric[..metric.IndexOf(',', StringComparison.Ordinal)]}{reason}: {point.Groups["value"].Value}";

    [Fact]
    public async Task Tenants_serves_each_customer_with_their_own_key()
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync("Tenants");

        Assert.True(exitCode == 0, output + error);
        Assert.Equal(
            [
                "acme     a good key      20 of 20            OK                  works",
                "acme     tokens revoked  20 of 20            OK                  works",
                "globex   a good key      20 of 20            OK                  works",
                "initech  a wrong key     ServiceUnavailable  ServiceUnavailable  azure-key-refused",
                "initech  a wrong region  ServiceUnavailable  ServiceUnavailable  options-wrong",
                "initech  key mended      20 of 20            OK                  works",
                "umbrella a good key      20 of 20            OK                  works",
                "umbrella has left        Forbidden           Forbidden           unknown",
            ],
            Lines(output)[3..11]
        );
        Assert.Matches("^acme +4 +0 +[4-6][0-9] +[0-9]+ +0$", Lines(output)[13]); // the first, after the revocation, and a test each
        Assert.Matches("^globex +2 +0 +20 +0 +0$", Lines(output)[14]);
        Assert.Equal("As promised.", Lines(output)[^1]);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task CustomProvider_asks_its_vendor_once_for_fifty_calls()
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync("CustomProvider");

        Assert.True(exitCode == 0, output + error);
        Assert.Equal(["50 calls, {\"clouds\":[]}", "1 token call"], Lines(output));
    }

    [Theory]
    [InlineData("Quickstart", "TokenAuth:voice:ClientSecret is missing; copy it from the VK Cloud console")]
    [InlineData("VkVision", "TokenAuth:vision:ClientId is missing; copy it from the VK Cloud console.")]
    [InlineData("VkVoice", "TokenAuth:voice:ClientId is missing; copy it from the VK Cloud console.")]
    [InlineData("AzureSpeech", "TokenAuth:speech:Region is missing; write the resource's region")]
    [InlineData("Browser", "TokenAuth:speech:SubscriptionKey is missing; copy a key from the resource's page")]
    [InlineData("WebApi", "TokenAuth:speech:SubscriptionKey is missing; copy a key from the resource's page")]
    [InlineData("CustomProvider", "YANDEX_OAUTH_TOKEN is not set; see https://yandex.cloud/docs/")]
    public async Task Live_without_credentials_says_what_is_missing(string sample, string message)
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync(sample, "--live");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(message, output + error, StringComparison.Ordinal);
    }

    private static string Row(string name, string output) =>
        Regex.Match(output, $"^  {Regex.Escape(name)}  +(.*)$", RegexOptions.Multiline).Groups[1].Value;

    private static int Number(string name, string output) =>
        int.Parse(Row(name, output), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static TimeSpan Age(string name, string output) =>
        TimeSpan.ParseExact(Row(name, output).Split(' ')[0], @"mm\:ss", CultureInfo.InvariantCulture);

    private static string[] Table(string output) =>
        [.. Lines(output).SkipWhile(line => !line.StartsWith("calls ", StringComparison.Ordinal))];

    private static string[] Lines(string output) => output.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
}
