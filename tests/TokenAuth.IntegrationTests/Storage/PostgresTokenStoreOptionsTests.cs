using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace TokenAuth.Tests.Storage;

public sealed class PostgresTokenStoreOptionsTests : StoreRegistrationContract<PostgresTokenStoreOptions>
{
    private const string NotAnIdentifier =
        "write 1 to 63 lower-case letters, digits and '_', not beginning with a digit.";

    private const string ConnectionString = "Host=127.0.0.1;Username=nobody";

    public static TheoryData<Action<PostgresTokenStoreOptions>, string> WrongOptions =>
        new()
        {
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
    public void Wrong_options_stop_the_start_and_a_constructor(
        Action<PostgresTokenStoreOptions> spoil,
        string expected
    ) => StopsTheStartAndAConstructor(spoil, expected);

    [Theory, Trait("Failure", "75")]
    [InlineData("standby")]
    [InlineData("prefer-standby")]
    [InlineData("read-only")]
    public void A_connection_string_that_asks_for_a_standby_is_refused(string attributes)
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new PostgresTokenStore(
                $"Host=a,b;Username=nobody;Target Session Attributes={attributes}",
                new PostgresTokenStoreOptions { AllowUnencrypted = true }
            )
        );

        Assert.Equal(
            $"The connection string of UsePostgresStore has 'Target Session Attributes={attributes}', and the store has to write; "
                + "leave the setting out, or write 'primary'. (Parameter 'connectionString')",
            error.Message
        );
    }

    [Theory]
    [InlineData("postgres://app:let-me-in@db/tokens")]
    [InlineData("Host=db;Username=app;Password=\"let-me-in")]
    [InlineData("Host=db;Username=app;let-me-in=1")]
    [InlineData("Host=db;Username=app;Port=let-me-in")]
    public void A_connection_string_that_cannot_be_read_is_not_shown(string connectionString)
    {
        var options = new PostgresTokenStoreOptions { EncryptionKey = EncryptionKey };

        var error = Assert.Throws<ArgumentException>(() => new PostgresTokenStore(connectionString, options));

        Assert.Equal(
            "The connection string of UsePostgresStore cannot be read; write it as 'Host=…;Database=…;Username=…;Password=…', not as a URL. "
                + "(Parameter 'connectionString')",
            error.Message
        );
        Assert.DoesNotContain("let-me-in", error.ToString());
    }

    [Theory, Trait("Failure", "69")]
    [InlineData("Password=hunter")]
    [InlineData("hunter;Database=a")]
    [InlineData("postgres://a:hunter@db")]
    public void A_connection_string_in_the_place_of_a_name_is_not_shown(string text)
    {
        foreach (
            var options in new PostgresTokenStoreOptions[]
            {
                new() { Table = text, AllowUnencrypted = true },
                new() { Schema = text, AllowUnencrypted = true },
            }
        )
        {
            var error = Assert.Throws<ArgumentException>(() => Construct(options));

            Assert.DoesNotContain("hunter", error.ToString(), StringComparison.Ordinal);
        }
    }

    protected override TokenAuthBuilder Use(TokenAuthBuilder builder, Action<PostgresTokenStoreOptions> configure) =>
        builder.UsePostgresStore(ConnectionString, configure);

    protected override TokenAuthBuilder Use(TokenAuthBuilder builder, string address) =>
        builder.UsePostgresStore(address);

    protected override TokenAuthBuilder UseConnection(
        TokenAuthBuilder builder,
        IAsyncDisposable connection,
        Action<PostgresTokenStoreOptions> configure
    ) => builder.UsePostgresStore((NpgsqlDataSource)connection, configure);

    protected override ITokenStore Construct(PostgresTokenStoreOptions options) =>
        new PostgresTokenStore(ConnectionString, options);

    protected override Task<IAsyncDisposable> ConnectAsync() =>
        Task.FromResult<IAsyncDisposable>(NpgsqlDataSource.Create(ConnectionString));

    protected override void AssertServes(IAsyncDisposable connection) =>
        ((NpgsqlDataSource)connection).CreateConnection().Dispose();
}
