using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class StoreSectionTests : IDisposable
{
    private static readonly string _key = Convert.ToBase64String(new byte[32]);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tokenauth-store-");

    public void Dispose() => _directory.Delete(recursive: true);

#if !NETSTANDARD_ASSEMBLY
    [Theory]
    [InlineData("File")]
    [InlineData("file")]
    public void A_section_may_say_the_file_store(string kind)
    {
        using var services = Services([("Kind", kind), ("Directory", _directory.FullName), ("EncryptionKey", _key)]);

        Start(services);

        Assert.IsType<FileTokenStore>(services.GetService<ITokenStore>());
    }

    [Theory]
    [InlineData("Postgres", "ConnectionString", "Host=localhost;Database=tokens", typeof(PostgresTokenStore))]
    [InlineData("redis", "Configuration", "localhost:6379", typeof(RedisTokenStore))]
    public void A_packages_store_is_known_where_its_method_was_called(
        string kind,
        string setting,
        string value,
        Type store
    )
    {
        using var services = Services(
            [("Kind", kind), (setting, value), ("EncryptionKey", _key)],
            tokens => tokens.UsePostgresStore().UseRedisStore()
        );

        Start(services);

        Assert.IsType(store, services.GetService<ITokenStore>());
    }

    [Theory]
    [InlineData(
        "Postgres",
        "TokenAuth:Store:Kind is Postgres; call AddTokenAuth(…).UsePostgresStore() of the package TokenAuth.Postgres."
    )]
    [InlineData(
        "redis",
        "TokenAuth:Store:Kind is Redis; call AddTokenAuth(…).UseRedisStore() of the package TokenAuth.Redis."
    )]
    [InlineData("Fil", "TokenAuth:Store:Kind is 'Fil', which is no store that is known; did you mean File?")]
    [InlineData(
        "0123456789abcdef0123456789abcdef",
        "TokenAuth:Store:Kind is no store that is known; write File, Postgres or Redis."
    )]
    [InlineData("", "TokenAuth:Store:Kind is missing; write File, Postgres or Redis.")]
    public void A_wrong_kind_stops_the_start(string kind, string error)
    {
        using var services = Services([("Kind", kind), ("EncryptionKey", _key)]);

        Assert.Equal([error], StartErrors(services));
    }

    [Fact]
    public void Wrong_settings_stop_the_start_with_their_paths()
    {
        using var misspelt = Services([("Kind", "File"), ("EncryptionKye", _key), ("AllowUnencrypted", "perhaps")]);
        using var wrong = Services([("Kind", "File"), ("EncryptionKey", "short"), ("Directory", " ")]);
        using var missing = Services(
            [("Kind", "Postgres"), ("EncryptionKey", _key), ("Table", "")],
            tokens => tokens.UsePostgresStore()
        );

        Assert.Equal(
            [
                "TokenAuth:Store:AllowUnencrypted is neither true nor false; write one of the two.",
                "TokenAuth:Store:EncryptionKye is not a setting of File; did you mean EncryptionKey?",
            ],
            StartErrors(misspelt)
        );
        Assert.Equal(
            [
                "TokenAuth:Store:EncryptionKey is not 32 bytes in base64; make one with 'openssl rand -base64 32'.",
                "TokenAuth:Store:Directory is empty; name a directory, or leave it out for the default.",
            ],
            StartErrors(wrong)
        );
        Assert.Equal(
            [
                "TokenAuth:Store:ConnectionString is missing; write the database as Npgsql reads it, for example "
                    + "Host=db;Database=tokens;Username=app.",
                "TokenAuth:Store:Table is ''; write 1 to 63 lower-case letters, digits and '_', not beginning with a digit.",
            ],
            StartErrors(missing)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_store_in_code_and_in_the_section_stop_the_start(bool isCodeFirst)
    {
        var collection = new ServiceCollection();
        if (isCodeFirst)
            collection.AddTokenAuth().UseFileStore(o => (o.Directory, o.EncryptionKey) = (_directory.FullName, _key));
        using var services = Services(
            [("Kind", "File"), ("Directory", _directory.FullName), ("EncryptionKey", _key)],
            tokens =>
            {
                if (!isCodeFirst)
                    tokens.UseFileStore(o => (o.Directory, o.EncryptionKey) = (_directory.FullName, _key));
            },
            collection
        );

        Assert.Equal(
            [
                "A token store is registered in code, and TokenAuth:Store says one too; a container has one: keep either.",
            ],
            StartErrors(services)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_store_in_code_serves_beside_a_section_without_one(bool isCodeFirst)
    {
        var collection = new ServiceCollection();
        if (isCodeFirst)
            collection.AddTokenAuth().UseFileStore(o => (o.Directory, o.EncryptionKey) = (_directory.FullName, _key));
        using var services = Services(
            [],
            tokens =>
            {
                if (!isCodeFirst)
                    tokens.UseFileStore(o => (o.Directory, o.EncryptionKey) = (_directory.FullName, _key));
            },
            collection
        );

        Start(services);

        Assert.IsType<FileTokenStore>(services.GetService<ITokenStore>());
    }

    [Fact]
    public void A_store_that_no_section_says_stops_the_start()
    {
        using var services = Services([], tokens => tokens.UsePostgresStore());

        Assert.Equal(
            [
                "UsePostgresStore() takes its settings from a section, and no section that AddTokenAuth was given has Store:Kind = Postgres.",
            ],
            StartErrors(services)
        );
    }

    [Fact]
    public void Previous_keys_are_a_list()
    {
        using var services = Services([
            ("Kind", "File"),
            ("Directory", _directory.FullName),
            ("EncryptionKey", _key),
            ("PreviousEncryptionKeys:0", _key),
            ("PreviousEncryptionKeys:1", "short"),
        ]);

        Assert.Equal(
            ["TokenAuth:Store:PreviousEncryptionKeys[1] is not 32 bytes in base64; correct or remove it."],
            StartErrors(services)
        );
    }
#else
    [Fact]
    public void A_file_store_needs_a_newer_platform()
    {
        using var services = Services([("Kind", "File"), ("Directory", _directory.FullName), ("EncryptionKey", _key)]);

        Assert.Equal(["TokenAuth:Store:Kind is File, which needs .NET 8 or later."], StartErrors(services));
    }
#endif

    [Fact]
    public void Without_a_store_there_is_none()
    {
        using var services = Services([]);

        Start(services);

        Assert.Null(services.GetService<ITokenStore>());
    }

    [Fact]
    public void A_provider_may_be_named_Store()
    {
        using var services = Services([("Provider", "StaticToken"), ("Token", "t-2")]);

        Start(services);

        Assert.NotNull(services.GetRequiredKeyedService<ITokenProvider>("store"));
        Assert.Null(services.GetService<ITokenStore>());
    }

    [Fact]
    public void Any_other_child_without_a_provider_stays_an_error()
    {
        using var services = Services([], child: "Stores", values: [("Kind", "File")]);

        Assert.Equal(
            ["TokenAuth:Stores:Provider is missing; write VkCloud, AzureSpeech, StaticToken or SpeechTokenEndpoint."],
            StartErrors(services)
        );
    }

    private static ServiceProvider Services(
        IEnumerable<(string Setting, string Value)> store,
        Action<TokenAuthBuilder>? configure = null,
        ServiceCollection? collection = null,
        string child = "Store",
        IEnumerable<(string Setting, string Value)>? values = null
    )
    {
        collection ??= new ServiceCollection();
        var all = new Dictionary<string, string?>
        {
            ["TokenAuth:fixed:Provider"] = "StaticToken",
            ["TokenAuth:fixed:Token"] = "t-1",
        };
        foreach (var (setting, value) in values ?? store)
            all[$"TokenAuth:{child}:{setting}"] = value;
        var builder = collection.AddTokenAuth(
            new ConfigurationBuilder().AddInMemoryCollection(all).Build().GetSection("TokenAuth")
        );
        configure?.Invoke(builder);

        return collection.BuildServiceProvider();
    }

    private static void Start(IServiceProvider services) => services.GetRequiredService<IStartupValidator>().Validate();

    private static IEnumerable<string> StartErrors(IServiceProvider services) =>
        Assert.Throws<OptionsValidationException>(() => Start(services)).Failures.Select(error => error.Trim());
}
