using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace TokenAuth.Tests.Storage;

public sealed class RedisTokenStoreOptionsTests : StoreRegistrationContract<RedisTokenStoreOptions>
{
    private const string Configuration = "127.0.0.1:1";

    private const string NotAPrefix =
        "write 1 to 100 printable ASCII characters without spaces and braces, for example 'tokenauth:'.";

    public static TheoryData<Action<RedisTokenStoreOptions>, string> WrongOptions =>
        new()
        {
            { o => o.KeyPrefix = "", $"RedisTokenStoreOptions.KeyPrefix is ''; {NotAPrefix}" },
            { o => o.KeyPrefix = null!, $"RedisTokenStoreOptions.KeyPrefix is ''; {NotAPrefix}" },
            { o => o.KeyPrefix = "a{b}:", $"RedisTokenStoreOptions.KeyPrefix is 'a{{b}}:'; {NotAPrefix}" },
            { o => o.KeyPrefix = "my app:", $"RedisTokenStoreOptions.KeyPrefix is 'my app:'; {NotAPrefix}" },
            { o => o.KeyPrefix = "ключ:", $"RedisTokenStoreOptions.KeyPrefix is a text of 5 characters; {NotAPrefix}" },
        };

    [Theory, MemberData(nameof(WrongOptions)), Trait("Failure", "37")]
    public void Wrong_options_stop_the_start_and_a_constructor(Action<RedisTokenStoreOptions> spoil, string expected) =>
        StopsTheStartAndAConstructor(spoil, expected);

    [Theory, Trait("Failure", "46")]
    [InlineData("redis://app:let-me-in@cache:6379")]
    [InlineData("cache:6379,pasword=let-me-in")]
    [InlineData("password=let-me-in")]
    [InlineData("cache:6379,ssl=let-me-in")]
    [InlineData("cache:6379,connectTimeout=let-me-in")]
    public void A_configuration_that_cannot_be_read_is_not_shown(string configuration)
    {
        var options = new RedisTokenStoreOptions { EncryptionKey = EncryptionKey };

        var error = Assert.Throws<ArgumentException>(() => new RedisTokenStore(configuration, options));

        Assert.Equal(
            "The configuration of UseRedisStore cannot be read; write it as 'host:6379,user=…,password=…,ssl=true', not as a URL. "
                + "(Parameter 'configuration')",
            error.Message
        );
        Assert.DoesNotContain("let-me-in", error.ToString());
    }

    [Theory, Trait("Failure", "46")]
    [InlineData("cache:6379,password=let,me-in")]
    [InlineData("password=let-me-in,cache:6379")]
    public void The_rest_of_a_password_with_a_comma_is_not_taken_for_an_address(string configuration)
    {
        var options = new RedisTokenStoreOptions { EncryptionKey = EncryptionKey };

        var error = Assert.Throws<ArgumentException>(() => new RedisTokenStore(configuration, options));

        Assert.Equal(
            "The configuration of UseRedisStore has an address after the password; write the addresses first. "
                + "A password with a comma in it needs UseRedisStore(connection). (Parameter 'configuration')",
            error.Message
        );
    }

    [Theory, Trait("Failure", "69")]
    [InlineData("redis:6379, password=hunter")]
    [InlineData("redis, password=hunter")]
    [InlineData("redis:6379,password=hunter")]
    [InlineData("redis://a:hunter@redis")]
    [InlineData("hunter+EzmVnl8mYkfGjSQwKX/0sQeRjZlU5C1nRB28=")] // an encryption key
    public void A_secret_in_the_place_of_a_prefix_is_refused_and_not_shown(string text)
    {
        var options = new RedisTokenStoreOptions { KeyPrefix = text, AllowUnencrypted = true };

        var error = Assert.Throws<ArgumentException>(() => new RedisTokenStore(Configuration, options));

        Assert.DoesNotContain("hunter", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_stores_own_connection_has_short_limits_and_keeps_nothing_for_later()
    {
        var settings = RedisConfiguration.Parse("cache:6379,abortConnect=true,connectTimeout=9000,syncTimeout=700");

        Assert.False(settings.AbortOnConnectFail);
        Assert.False(settings.BacklogPolicy.QueueWhileDisconnected);
        Assert.Equal((1500, 700, 700), (settings.ConnectTimeout, settings.SyncTimeout, settings.AsyncTimeout));
    }

    protected override TokenAuthBuilder Use(TokenAuthBuilder builder, Action<RedisTokenStoreOptions> configure) =>
        builder.UseRedisStore(Configuration, configure);

    protected override TokenAuthBuilder Use(TokenAuthBuilder builder, string address) => builder.UseRedisStore(address);

    protected override TokenAuthBuilder UseConnection(
        TokenAuthBuilder builder,
        IAsyncDisposable connection,
        Action<RedisTokenStoreOptions> configure
    ) => builder.UseRedisStore((IConnectionMultiplexer)connection, configure);

    protected override ITokenStore Construct(RedisTokenStoreOptions options) =>
        new RedisTokenStore(Configuration, options);

    protected override async Task<IAsyncDisposable> ConnectAsync() =>
        await ConnectionMultiplexer.ConnectAsync(
            Configuration + ",abortConnect=false,connectTimeout=100,connectRetry=1"
        );

    protected override void AssertServes(IAsyncDisposable connection) =>
        ((IConnectionMultiplexer)connection).GetDatabase();
}
