using System.Net;
using TokenAuth.IntegrationTests.Package;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>The programs of the documentation, pasted into new projects that install the packages, built and run without an edit.</summary>
public sealed class PastedProgramTests(PastedProjects projects) : IClassFixture<PastedProjects>, IAsyncLifetime
{
    private TokenServiceEmulator _emulator = null!; // set before a test runs
    private VendorNetwork _network = null!; // set before a test runs

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SSL_CERT_FILE makes a certificate trusted on Linux alone.");
        _emulator = await TokenServiceEmulator.StartAsync(cancellationToken: Stop);
        _network = await VendorNetwork.StartAsync(_emulator);
    }

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public void Every_block_of_code_says_its_kind() =>
        Assert.All(
            PastedProjects.Fragments,
            block => Assert.True(block.Kind is "web-fragment" or "fragment", block.ToString())
        );

    [Fact]
    public async Task The_web_API_of_README_speaks_and_listens()
    {
        await SetSecretsAsync("README.md");
        using var application = StartWeb("README.md", projects.UserFolder);
        using var http = new HttpClient { BaseAddress = await application.AddressAsync() };

        var wave = await http.GetByteArrayAsync("say?text=hello", Stop);
        using var heard = await http.PostAsync("hear", new ByteArrayContent(wave), Stop);

        Assert.Equal("RIFF"u8.ToArray(), wave[..4]);
        Assert.Contains("Emulated speech", await heard.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal("Healthy", await http.GetStringAsync("health", Stop));
        Assert.Equal((1, 1), (_emulator.Ledger.IssueTokenCalls, _emulator.Ledger.RefreshTokensMinted));
    }

    [Fact]
    public async Task The_program_of_the_Russian_page_speaks()
    {
        await SetSecretsAsync("docs/ru/vk-cloud.md");
        using var application = StartWeb("docs/ru/vk-cloud.md", projects.UserFolder);
        using var http = new HttpClient { BaseAddress = await application.AddressAsync() };

        using var response = await http.GetAsync("tts?text=привет", Stop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Without_secrets_the_web_API_says_what_is_missing()
    {
        using var application = StartWeb("README.md", projects.NewFolder("nobody"));

        var (exitCode, _, error) = await application.EndAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains(
            "TokenAuth:voice:ClientId is missing; copy it from the VK Cloud console.",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_a_key_the_console_program_says_what_is_missing()
    {
        using var application = new PastedProcess(projects.FolderOf("README.md", "console"), []);

        var (exitCode, _, error) = await application.EndAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains(
            "AzureSpeechOptions.SubscriptionKey is missing; copy a key from the resource's page",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_console_program_checks_the_key_and_writes_a_file()
    {
        var folder = projects.FolderOf("README.md", "console");
        using var application = new PastedProcess(
            folder,
            new(_network.Environment) { ["SPEECH_KEY"] = _emulator.AzureSpeech.PrimaryKey }
        );

        var (exitCode, output, error) = await application.EndAsync();

        Assert.True(exitCode == 0, output + error);
        Assert.EndsWith("hello.wav is written.", output.TrimEnd(), StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(folder, "hello.wav")).Length > 1_000);
    }

    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("docs/testing.md", 2)]
    public async Task The_tests_of_a_page_pass(string page, int count)
    {
        var output = await Sdk.RunAsync(projects.FolderOf(page, "xunit"), "test", "--no-build");

        Assert.Matches($@"Passed:\s+{count},", output);
    }

    private PastedProcess StartWeb(string page, string userFolder) =>
        new(
            projects.FolderOf(page, "web"),
            new(_network.Environment) { ["APPDATA"] = userFolder, ["XDG_DATA_HOME"] = userFolder },
            "--urls",
            "http://127.0.0.1:0"
        );

    // The page's commands, with what the emulator takes in place of the words in angle brackets.
    private async Task SetSecretsAsync(string page)
    {
        var commands = Pages
            .BlocksOf(page)
            .First(block => block.Language == "sh" && block.Code.Contains("user-secrets", StringComparison.Ordinal))
            .Code.Split('\n')
            .Where(line =>
                line.Contains(" set ", StringComparison.Ordinal) && line.Contains('<', StringComparison.Ordinal)
            )
            .Select(line => $"{line.Split('<')[0]}{ValueOf(line)}\"");
        await projects.RunAsync(projects.FolderOf(page, "web"), string.Join('\n', commands));
    }

    private string ValueOf(string command) =>
        command.Split(' ')[3].Split(':')[^1] switch
        {
            "ClientId" => VkCloudClient.Voice.ClientId,
            "ClientSecret" => VkCloudClient.Voice.ClientSecret,
            _ => _emulator.AzureSpeech.PrimaryKey,
        };
}
