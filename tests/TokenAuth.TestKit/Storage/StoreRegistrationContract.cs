using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.TestKit;

/// <summary>
/// The registration of a store of a package: each runs all of these tests, at an address where no server answers.
/// </summary>
public abstract class StoreRegistrationContract<TOptions>
    where TOptions : TokenStoreOptions, new()
{
    protected static string EncryptionKey { get; } = Convert.ToBase64String(new byte[32]);

    private static string OptionsName => typeof(TOptions).Name;

    [Fact]
    public async Task The_store_of_the_container_needs_no_server_to_start()
    {
        await using var provider = Build(builder => Use(builder, o => o.EncryptionKey = EncryptionKey));

        Start(provider);

        Assert.IsType(Construct(new() { EncryptionKey = EncryptionKey }).GetType(), provider.GetService<ITokenStore>());
    }

    [Fact]
    public async Task A_connection_of_the_application_outlives_the_container()
    {
        await using var connection = await ConnectAsync();

        await using (
            var provider = Build(builder => UseConnection(builder, connection, o => o.AllowUnencrypted = true))
        )
        {
            Start(provider);
            Assert.NotNull(provider.GetService<ITokenStore>());
        }

        AssertServes(connection);
    }

    [Fact]
    public async Task A_file_store_beside_it_stops_the_start()
    {
        await using var provider = Build(builder =>
            Use(builder.UseFileStore(o => o.EncryptionKey = EncryptionKey), o => o.EncryptionKey = EncryptionKey)
        );

        Assert.Equal(
            [
                "2 token stores are registered, and a container has one; keep one of UseFileStore, UsePostgresStore, UseRedisStore and UseStore.",
            ],
            StartErrors(provider)
        );
    }

    [Fact, Trait("Failure", "37")]
    public void A_store_without_a_key_stops_the_start_and_a_constructor() =>
        StopsTheStartAndAConstructor(
            o => o.EncryptionKey = null,
            $"{OptionsName}.EncryptionKey is not set; make one with 'openssl rand -base64 32' and keep it with "
                + "your secrets, or set AllowUnencrypted to true to store tokens in the clear."
        );

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_address_is_refused(string address)
    {
        var builder = new ServiceCollection().AddTokenAuth();

        Assert.Throws<ArgumentException>(() => Use(builder, address));
    }

    [Fact]
    public void A_missing_builder_is_refused() =>
        Assert.Throws<ArgumentNullException>("builder", () => Use(null!, _ => { }));

    /// <summary>Asserts that one wrong option is said by the start and by the store's own constructor.</summary>
    protected void StopsTheStartAndAConstructor(Action<TOptions> spoil, string expected)
    {
        void Configure(TOptions o)
        {
            o.EncryptionKey = EncryptionKey;
            spoil(o);
        }
        var options = new TOptions();
        Configure(options);
        using var provider = Build(builder => Use(builder, Configure));

        var constructed = Assert.Throws<ArgumentException>(() => Construct(options));

        Assert.Equal($"{expected} (Parameter 'options')", constructed.Message);
        Assert.Equal([expected], StartErrors(provider));
    }

    /// <summary>Registers the store at an address where no server answers.</summary>
    protected abstract TokenAuthBuilder Use(TokenAuthBuilder builder, Action<TOptions> configure);

    protected abstract TokenAuthBuilder Use(TokenAuthBuilder builder, string address);

    protected abstract TokenAuthBuilder UseConnection(
        TokenAuthBuilder builder,
        IAsyncDisposable connection,
        Action<TOptions> configure
    );

    protected abstract ITokenStore Construct(TOptions options);

    protected abstract Task<IAsyncDisposable> ConnectAsync();

    /// <summary>Asserts that the connection is not disposed.</summary>
    protected abstract void AssertServes(IAsyncDisposable connection);

    private static ServiceProvider Build(Action<TokenAuthBuilder> register)
    {
        var services = new ServiceCollection();
        register(services.AddTokenAuth());

        return services.BuildServiceProvider();
    }

    private static void Start(IServiceProvider provider) => provider.GetRequiredService<IStartupValidator>().Validate();

    private static IEnumerable<string> StartErrors(IServiceProvider provider) =>
        Assert.Throws<OptionsValidationException>(() => Start(provider)).Failures.Select(error => error.Trim());
}
