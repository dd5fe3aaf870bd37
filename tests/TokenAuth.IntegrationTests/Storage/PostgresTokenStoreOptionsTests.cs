using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace TokenAuth.Tests.Storage;

public sealed class PostgresTokenStoreOptionsTests
{
    private const string NotAnIdentifier =
        "write 1 to 63 lower-case letters, digits and '_', not beginning with a digit.";

    private const string ConnectionString = "Host=127.0.0.1;Username=nobody";

    private static readonly string _key = Convert.ToBase64String(new byte[32]);

    public static TheoryData<Action<PostgresTokenStoreOptions>, string> WrongOptions =>
        new()
        {
            {
                o => o.EncryptionKey = null,
                "PostgresTokenStoreOptions.EncryptionKey is not set; make one with 'openssl rand -base64 32' and keep it with "
                    + "your secrets, or set AllowUnencrypted to true to store tokens in the clear."
            },
            { o => o.Table = "", $"PostgresTokenStoreOptions.Table is ''; {NotAnIdentifier}" },
            { o => o.Table = "a\"b", $"PostgresTokenStoreOptions.Table is 'a\"b'; {NotAnIdentifier}" },
            { o => o.Table = "Tokens", $"PostgresTokenStoreOptions.Table is 'Tokens'; {NotAnIdentifier}" },
            { o => o.Schema = "1st", $"PostgresTokenStoreOptions.Schema is '1st'; {NotAnIdentifier}" },
            {
                o => o.Timeout = TimeSpan.Zero,
                "PostgresTokenStoreOptions.Timeout is 00:00:00; set it between 00:00:00.1000000 and 00:00:10."
            },
            {
                o => o.Timeout = TimeSpan.FromSeconds(10.1),
                "PostgresTokenStoreOptions.Timeout is 00:00:10.1000000; set it between 00:00:00.1000000 and 00:00:10."
            },
        };

    [Theory, MemberData(nameof(WrongOptions)), Trait("Failure", "37")]
    public void Wrong_options_stop_the_start_and_a_constructor(Action<PostgresTokenStoreOptions> spoil, string expected)
    {
        void Configure(PostgresTokenStoreOptions o)
        {
            o.EncryptionKey = _key;
            spoil(o);
        }
        var options = new PostgresTokenStoreOptions();
        Configure(options);
        var services = new ServiceCollection();
        services.AddTokenAuth().UsePostgresStore(ConnectionString, Configure);
        using var provider = services.BuildServiceProvider();

        var constructed = Assert.Throws<ArgumentException>(() => new PostgresTokenStore(ConnectionString, options));
        var started = Assert.Throws<OptionsValidationException>(() => Start(provider));

        Assert.Equal($"{expected} (Parameter 'options')", constructed.Message);
        Assert.Equal([expected], started.Failures);
    }

    [Fact]
    public async Task The_store_of_the_container_needs_no_database_to_start()
    {
        var services = new ServiceCollection();
        services.AddTokenAuth().UsePostgresStore(ConnectionString, o => o.EncryptionKey = _key);
        await using var provider = services.BuildServiceProvider();

        Start(provider);

        Assert.IsType<PostgresTokenStore>(provider.GetRequiredService<ITokenStore>());
    }

    [Fact]
    public async Task A_data_source_of_the_application_outlives_the_container()
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        var services = new ServiceCollection();
        services.AddTokenAuth().UsePostgresStore(dataSource, o => o.AllowUnencrypted = true);

        await using (var provider = services.BuildServiceProvider())
            Start(provider);

        await using var connection = dataSource.CreateConnection(); // throws when disposed
    }

    [Fact]
    public async Task A_file_store_beside_it_stops_the_start()
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .UseFileStore(o => o.EncryptionKey = _key)
            .UsePostgresStore(ConnectionString, o => o.EncryptionKey = _key);
        await using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => Start(provider));

        Assert.Equal(
            "2 token stores are registered, and a container has one; keep one of UseFileStore, UsePostgresStore, UseRedisStore and UseStore.",
            error.Message
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_connection_string_is_refused(string connectionString)
    {
        var builder = new ServiceCollection().AddTokenAuth();

        Assert.Throws<ArgumentException>(() => builder.UsePostgresStore(connectionString));
    }

    [Theory]
    [InlineData("postgres://app:let-me-in@db/tokens")]
    [InlineData("Host=db;Username=app;Password=\"let-me-in")]
    [InlineData("Host=db;Username=app;let-me-in=1")]
    [InlineData("Host=db;Username=app;Port=let-me-in")]
    public void A_connection_string_that_cannot_be_read_is_not_shown(string connectionString)
    {
        var options = new PostgresTokenStoreOptions { EncryptionKey = _key };

        var error = Assert.Throws<ArgumentException>(() => new PostgresTokenStore(connectionString, options));

        Assert.Equal(
            "The connection string of UsePostgresStore cannot be read; write it as 'Host=…;Database=…;Username=…;Password=…', not as a URL. "
                + "(Parameter 'connectionString')",
            error.Message
        );
        Assert.DoesNotContain("let-me-in", error.ToString());
    }

    private static void Start(IServiceProvider provider) => provider.GetRequiredService<IStartupValidator>().Validate();
}
