using System.Text.Json;
using TokenAuth.Testing;
using TokenAuth.Tests.Storage;

namespace TokenAuth.IntegrationTests.CommandLine;

/// <summary>VK Cloud allows a project 25 refresh tokens: whoever only looks spends none.</summary>
public sealed class SparingTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Store =
        """, "Store": { "Kind": "File", "Directory": "DIRECTORY", "AllowUnencrypted": true }""";

    private readonly Application _shop = new();
    private TokenServiceEmulator _emulator = null!;

    private string TokenDirectory => Path.Combine(_shop.Home, "tokens");

    public async ValueTask InitializeAsync() =>
        _emulator = await TokenServiceEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _shop.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_store_VK_Cloud_is_not_even_asked()
    {
        Settings(store: "");

        var doctor = await ToolProcess.RunAsync(_shop, "doctor");
        var print = await ToolProcess.RunAsync(_shop, "print", "voice");
        var exec = await ToolProcess.RunAsync(_shop, "exec", "voice", "--", "true");

        Assert.Contains(
            "tokenauth did not ask VK Cloud for provider 'voice': without a readable store, the grant would be lost when this command ends.",
            doctor.Output,
            StringComparison.Ordinal
        );
        Assert.Equal((0, 1, 125), (doctor.ExitCode, print.ExitCode, exec.ExitCode));
        Assert.Equal(
            "tokenauth: No store is named for provider 'voice'. tokenauth did not ask VK Cloud, because the grant would be lost when this command ends: "
                + "name the application's store in TokenAuth:Store or with --store, or allow the loss with --spend-refresh-token.\n",
            print.Error
        );
        Assert.Equal(0, _emulator.Ledger.TokenCalls);
    }

    [Fact]
    public async Task Over_the_application_s_store_it_shares_the_application_s_grant()
    {
        Settings(Store);
        var store = new FileTokenStore(
            new FileTokenStoreOptions { Directory = TokenDirectory, AllowUnencrypted = true }
        );
        await using (var application = new StoringApplication(_emulator, store))
            await application.FetchAsync();

        var doctor = await ToolProcess.RunAsync(_shop, "doctor");
        var print = await ToolProcess.RunAsync(_shop, "print", "voice");
        var show = await ToolProcess.RunAsync(_shop, "show", "--json");

        Assert.True(doctor.ExitCode == 0, doctor.ToString());
        Assert.True(print.ExitCode == 0, print.ToString());
        Assert.Equal((1, 1), (_emulator.Ledger.ClientCredentialsCalls, _emulator.Ledger.RefreshTokenCalls)); // the probe's renewal
        var voice = JsonDocument.Parse(show.Output).RootElement.GetProperty("providers")[0];
        Assert.Equal("usable", voice.GetProperty("state").GetString());
        Assert.InRange(voice.GetProperty("expiresInSeconds").GetInt32(), 3000, 3600);
        Assert.StartsWith(
            "50 characters, fingerprint ",
            voice.GetProperty("fingerprint").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Over_an_empty_store_a_look_makes_no_grant_and_a_token_that_is_wanted_does()
    {
        Settings(Store);

        var doctor = await ToolProcess.RunAsync(_shop, "doctor");
        Assert.Contains("vk-not-asked", doctor.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (doctor.ExitCode, _emulator.Ledger.TokenCalls));

        await ToolProcess.RunAsync(_shop, "print", "voice");
        await ToolProcess.RunAsync(_shop, "print", "voice");
        Assert.Equal(1, _emulator.Ledger.TokenCalls);
    }

    [Fact]
    public async Task A_store_that_the_application_registers_in_code_is_named_by_its_settings()
    {
        var connectionString = await postgres.GetConnectionStringAsync();
        var (key, table) = (Convert.ToBase64String(new byte[32]), PostgresFixture.NewTable());
        await using (
            var store = new PostgresTokenStore(
                connectionString,
                new PostgresTokenStoreOptions { EncryptionKey = key, Table = table }
            )
        )
        await using (var application = new StoringApplication(_emulator, store))
            await application.FetchAsync();
        Settings(store: "");
        _shop.Variables["ConnectionStrings__Tokens"] = connectionString;
        _shop.Variables["TokenStore__Key"] = key;
        _shop.Variables["TokenAuth__Store__Table"] = table;
        string[] named = ["--store", "Postgres:ConnectionStrings:Tokens", "--store-key-from", "TokenStore:Key"];

        var print = await RunPatientlyAsync(["print", "voice", .. named]);
        var show = await RunPatientlyAsync(["show", .. named]);

        Assert.True(print.ExitCode == 0, print.ToString());
        Assert.Equal(1, _emulator.Ledger.TokenCalls);
        Assert.True(
            show.Output.Contains("  token    usable  The next call uses it.", StringComparison.Ordinal),
            show.ToString()
        );
        Assert.Contains("store     Postgres, set by --store", show.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, show.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(connectionString, show.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_is_relative_is_the_application_s_from_wherever_the_command_is_typed()
    {
        Settings(Store.Replace("DIRECTORY", "tokens", StringComparison.Ordinal));
        await ToolProcess.RunAsync(_shop, "print", "voice");
        _shop.WorkingDirectory = _shop.Home;

        var print = await ToolProcess.RunAsync(_shop, "print", "voice", "--project", "shop");

        Assert.True(print.ExitCode == 0, print.ToString());
        Assert.Equal(1, _emulator.Ledger.TokenCalls);
        Assert.True(Directory.Exists(Path.Combine(_shop.Path, "tokens")));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_a_finding_and_costs_no_grant()
    {
        Settings(
            """, "Store": { "Kind": "Redis", "Configuration": "127.0.0.1:1,connectTimeout=200", "AllowUnencrypted": true }"""
        );

        var doctor = await ToolProcess.RunAsync(_shop, "doctor");
        var print = await ToolProcess.RunAsync(_shop, "print", "voice");

        Assert.True(doctor.ExitCode == 1, doctor.ToString());
        Assert.Contains("store-fails", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("The token store cannot be read", print.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), (print.ExitCode, _emulator.Ledger.TokenCalls));
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("doctor --spend-refresh-token")]
    [InlineData("print voice")]
    [InlineData("print voice --spend-refresh-token")]
    [InlineData("exec voice -- true")]
    public async Task A_store_that_can_only_be_read_keeps_its_refresh_token(string arguments)
    {
        await StoredReadOnlyAsync(TimeSpan.FromSeconds(1));
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken); // the process has the system's clock

        var result = await ToolProcess.RunAsync(_shop, arguments.Split(' '));

        Assert.True(
            result.ExitCode == (arguments.StartsWith("exec", StringComparison.Ordinal) ? 125 : 1),
            result.ToString()
        );
        Assert.Contains(
            "The token store can be read, but not written",
            result.Output + result.Error,
            StringComparison.Ordinal
        );
        Assert.Equal((1, 0), (_emulator.Ledger.ClientCredentialsCalls, _emulator.Ledger.RefreshTokenCalls));
    }

    [Fact]
    public async Task A_fresh_token_comes_from_a_store_that_can_only_be_read_unless_it_is_to_be_renewed()
    {
        await StoredReadOnlyAsync(TimeSpan.FromHours(1));

        var print = await ToolProcess.RunAsync(_shop, "print", "voice");
        var exec = await ToolProcess.RunAsync(_shop, "exec", "voice", "--", "true");
        var renewing = await ToolProcess.RunAsync(_shop, "exec", "voice", "--files", "--", "true");

        Assert.True(print.ExitCode == 0, print.ToString());
        Assert.True(exec.ExitCode == 0, exec.ToString());
        Assert.True(renewing.ExitCode == 125, renewing.ToString());
        Assert.Equal(1, _emulator.Ledger.TokenCalls);
    }

    // A folder stands where the store would take the lease, which also root may not write.
    private async Task StoredReadOnlyAsync(TimeSpan lifetime)
    {
        _emulator.Options.VkCloud.AccessTokenLifetime = lifetime;
        var store = new FileTokenStore(
            new FileTokenStoreOptions { Directory = TokenDirectory, AllowUnencrypted = true }
        );
        await using (var application = new StoringApplication(_emulator, store))
            await application.FetchAsync();
        Settings(Store);

        foreach (var record in Directory.GetFiles(TokenDirectory, "*.record"))
        {
            var lease = Path.ChangeExtension(record, ".lease");
            File.Delete(lease);
            Directory.CreateDirectory(lease);
        }
    }

    // A store has two seconds, and a process on a starved machine may take longer to connect to a database.
    private async Task<ToolResult> RunPatientlyAsync(string[] arguments)
    {
        var result = await ToolProcess.RunAsync(_shop, arguments);
        for (var more = 4; more > 0 && IsLate(result); more--)
            result = await ToolProcess.RunAsync(_shop, arguments);

        return result;

        static bool IsLate(ToolResult result) =>
            $"{result}".Contains("Reading the token store took longer than 2 seconds.", StringComparison.Ordinal);
    }

    private void Settings(string store) =>
        _shop.Settings(
            $$"""
            { "TokenAuth": {
              "voice": {
                "Provider": "VkCloud",
                "ClientId": "{{VkCloudClient.Voice.ClientId}}",
                "ClientSecret": "{{VkCloudClient.Voice.ClientSecret}}",
                "TokenEndpoint": "{{_emulator.VkTokenEndpoint}}"
              }{{store.Replace("DIRECTORY", TokenDirectory, StringComparison.Ordinal)}}
            } }
            """
        );
}
