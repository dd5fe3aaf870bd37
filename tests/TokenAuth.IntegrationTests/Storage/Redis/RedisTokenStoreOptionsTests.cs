using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace TokenAuth.Tests.Storage;

public sealed class RedisTokenStoreOptionsTests
{
    private const string Configuration = "127.0.0.1:1";

    private const string NotAPrefix =
        "write 1 to 100 printable ASCII characters without spaces and braces, for example 'tokenauth:'.";

    private static readonly string _key = Convert.ToBase64String(new byte[32]);

    public static TheoryData<Action<RedisTokenStoreOptions>, string> WrongOptions =>
        new()
        {
            {
                o => o.EncryptionKey = null,
                "RedisTokenStoreOptions.EncryptionKey is not set; make one with 'openssl rand -base64 32' and keep it with "
                    + "your secrets, or set AllowUnencrypted to true to store tokens in the clear."
            },
            { o => o.KeyPrefix = "", $"RedisTokenStoreOptions.KeyPrefix is ''; {NotAPrefix}" },
            { o => o.KeyPrefix = null!, $"RedisTokenStoreOptions.KeyPrefix is ''; {NotAPrefix}" },
            { o => o.KeyPrefix = "a{b}:", $"RedisTokenStoreOptions.KeyPrefix is 'a{{b}}:'; {NotAPrefix}" },
            { o => o.KeyPrefix = "my app:", $"RedisTokenStoreOptions.KeyPrefix is 'my app:'; {NotAPrefix}" },
            { o => o.KeyPrefix = "ключ:", $"RedisTokenStoreOptions.KeyPrefix is 'ключ:'; {NotAPrefix}" },
        };

    [Theory, MemberData(nameof(WrongOptions)), Trait("Failure", "37")]
    public void Wrong_options_stop_the_start_and_a_constructor(Action<RedisTokenStoreOptions> spoil, string expected)
    {
        void Configure(RedisTokenStoreOptions o)
        {
            o.EncryptionKey = _key;
            spoil(o);
        }
        var options = new RedisTokenStoreOptions();
        Configure(options);
        var services = new ServiceCollection();
        services.AddTokenAuth().UseRedisStore(Configuration, Configure);
        using var provider = services.BuildServiceProvider();

        var constructed = Assert.Throws<ArgumentException>(() => new RedisTokenStore(Configuration, options));
        var started = Assert.Throws<OptionsValidationException>(() => Start(provider));

        Assert.Equal($"{expected} (Parameter 'options')", constructed.Message);
        Assert.Equal([expected], started.Failures);
    }

    [Fact]
    public async Task The_store_of_the_container_needs_no_server_to_start()
    {
        var services = new ServiceCollection();
        services.AddTokenAuth().UseRedisStore(Configuration, o => o.EncryptionKey = _key);
        await using var provider = services.BuildServiceProvider();

        Start(provider);

        Assert.IsType<RedisTokenStore>(provider.GetRequiredService<ITokenStore>());
    }

    [Fact]
    public async Task A_connection_of_the_application_outlives_the_container()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            Configuration + ",abortConnect=false,connectTimeout=100,connectRetry=1"
        );
        var services = new ServiceCollection();
        services.AddTokenAuth().UseRedisStore(connection, o => o.AllowUnencrypted = true);

        await using (var provider = services.BuildServiceProvider())
            Start(provider);

        connection.GetDatabase(); // throws when disposed
    }

    [Fact]
    public async Task A_file_store_beside_it_stops_the_start()
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .UseFileStore(o => o.EncryptionKey = _key)
            .UseRedisStore(Configuration, o => o.EncryptionKey = _key);
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
    public void An_empty_configuration_is_refused(string configuration)
    {
        var builder = new ServiceCollection().AddTokenAuth();

        Assert.Throws<ArgumentException>(() => builder.UseRedisStore(configuration));
    }

    [Theory, Trait("Failure", "46")]
    [InlineData("redis://app:let-me-in@cache:6379")]
    [InlineData("cache:6379,pasword=let-me-in")]
    [InlineData("password=let-me-in")]
    [InlineData("cache:6379,ssl=let-me-in")]
    [InlineData("cache:6379,connectTimeout=let-me-in")]
    public void A_configuration_that_cannot_be_read_is_not_shown(string configuration)
    {
        var options = new RedisTokenStoreOptions { EncryptionKey = _key };

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
        var options = new RedisTokenStoreOptions { EncryptionKey = _key };

        var error = Assert.Throws<ArgumentException>(() => new RedisTokenStore(configuration, options));

        Assert.Equal(
            "The configuration of UseRedisStore has an address after the password; write the addresses first. "
                + "A password with a comma in it needs UseRedisStore(connection). (Parameter 'configuration')",
            error.Message
        );
    }

    [Fact]
    public void The_stores_own_connection_has_short_limits_and_keeps_nothing_for_later()
    {
        var settings = RedisConfiguration.Parse("cache:6379,abortConnect=true,connectTimeout=9000,syncTimeout=700");

        Assert.False(settings.AbortOnConnectFail);
        Assert.False(settings.BacklogPolicy.QueueWhileDisconnected);
        Assert.Equal((1500, 700, 700), (settings.ConnectTimeout, settings.SyncTimeout, settings.AsyncTimeout));
    }

    private static void Start(IServiceProvider provider) => provider.GetRequiredService<IStartupValidator>().Validate();
}
