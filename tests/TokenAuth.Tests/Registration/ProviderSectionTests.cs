using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.Registration;

public sealed class ProviderSectionTests
{
    [Fact]
    public async Task Every_child_is_a_provider_by_its_kind()
    {
        using var services = Services(
            ("TokenAuth:voice:Provider", "VkCloud"),
            ("TokenAuth:voice:ClientId", "mcs.voice"),
            ("TokenAuth:voice:ClientSecret", "s-1"),
            ("TokenAuth:voice:AssumedLifetime", "00:30:00"),
            ("TokenAuth:speech:Provider", "AzureSpeech"),
            ("TokenAuth:speech:Region", "westeurope"),
            ("TokenAuth:speech:SubscriptionKey", "k-1"),
            ("TokenAuth:speech:SecondaryKey", "k-2"),
            ("TokenAuth:speech:TokenEndpoint", "https://own.example/token"),
            ("TokenAuth:speech:ReuseFor", "00:05:00"),
            ("TokenAuth:service:Provider", "StaticToken"),
            ("TokenAuth:service:Token", "t-1")
        );

        Start(services);

        Assert.Equal("VkCloudTokenProvider 'voice'", Provider(services, "voice").ToString());
        Assert.Equal("AzureSpeechTokenProvider 'speech'", Provider(services, "speech").ToString());
        Assert.Equal("t-1", await TokenOf(services, "service"));
        var voice = OptionsOf<VkCloudOptions>(services, "voice");
        Assert.Equal(
            ("mcs.voice", "s-1", 30),
            (voice.ClientId, voice.ClientSecret, voice.AssumedLifetime.TotalMinutes)
        );
        var speech = OptionsOf<AzureSpeechOptions>(services, "speech");
        Assert.Equal(("westeurope", "k-1", "k-2"), (speech.Region, speech.SubscriptionKey, speech.SecondaryKey));
        Assert.Equal(
            ("https://own.example/token", 5),
            (speech.TokenEndpoint!.AbsoluteUri, speech.ReuseFor.TotalMinutes)
        );
    }

    [Fact]
    [Trait("Failure", "49")]
    public void Names_kinds_and_settings_ignore_case()
    {
        using var services = Services(
            ("TokenAuth:vk:provider", "vkcloud"),
            ("TokenAuth:vk:clientid", "mcs.voice"),
            ("TOKENAUTH:VK:CLIENTSECRET", "s-1")
        );

        Start(services);

        Assert.Same(Provider(services, "vk"), Provider(services, "VK"));
        Assert.Equal("s-1", OptionsOf<VkCloudOptions>(services, "vk").ClientSecret);
    }

    [Fact]
    public void Environment_variables_arrive_in_any_case()
    {
        const string Prefix = "TOKENAUTH_TEST_5F2A_";
        var variables = new Dictionary<string, string>
        {
            [Prefix + "TOKENAUTH__VK__CLIENTSECRET"] = "s-1",
            [Prefix + "TokenAuth__vk__Provider"] = "VkCloud",
            [Prefix + "tokenauth__Vk__clientId"] = "mcs.voice",
        };
        foreach (var variable in variables)
            Environment.SetEnvironmentVariable(variable.Key, variable.Value);
        try
        {
            var root = new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build();
            using var services = Services(root);

            Start(services);

            Assert.Equal("VkCloudTokenProvider 'vk'", Provider(services, "vk").ToString(), ignoreCase: true);
        }
        finally
        {
            foreach (var variable in variables)
                Environment.SetEnvironmentVariable(variable.Key, null);
        }
    }

    [Theory]
    [Trait("Failure", "37")]
    [InlineData(
        "ClientSecrett",
        "s-1",
        "TokenAuth:vk:ClientSecrett is not a setting of VkCloud; did you mean ClientSecret?"
    )]
    [InlineData(
        "Region",
        "westeurope",
        "TokenAuth:vk:Region is not a setting of VkCloud; write ClientId, ClientSecret, RefreshToken, TokenEndpoint, AllowHttp or AssumedLifetime."
    )]
    [InlineData(
        "ProviderName",
        "mine",
        "TokenAuth:vk:ProviderName is not a setting of VkCloud; write ClientId, ClientSecret, RefreshToken, TokenEndpoint, AllowHttp or AssumedLifetime."
    )]
    [InlineData("AllowHttp", "yes", "TokenAuth:vk:AllowHttp is neither true nor false; write one of the two.")]
    [InlineData(
        "AssumedLifetime",
        "an hour",
        "TokenAuth:vk:AssumedLifetime is not a time; write hours, minutes and seconds, for example 00:09:00."
    )]
    [InlineData(
        "AssumedLifetime",
        "3600",
        "TokenAuth:vk:AssumedLifetime is 3600.00:00:00; write a time from one minute to 24 hours."
    )]
    [InlineData(
        "TokenEndpoint",
        "a-secret-gone-astray",
        "TokenAuth:vk:TokenEndpoint is not an address; write it whole, with https://."
    )]
    [InlineData(
        "TokenEndpoint",
        "http://mcs.mail.ru/token",
        "TokenAuth:vk:TokenEndpoint is 'http://mcs.mail.ru/token'; a secret goes there, so it must be https (http is for loopback only, or for an emulator with TokenAuth:vk:AllowHttp = true)."
    )]
    [InlineData(
        "ClientSecret",
        "s-1\n",
        "TokenAuth:vk:ClientSecret has white space around it (a line break from a file or a copy?); remove it."
    )]
    [InlineData("ClientSecret:Value", "s-1", "TokenAuth:vk:ClientSecret has settings below it; write one value.")]
    [InlineData(
        "Provider",
        "VkClod",
        "TokenAuth:vk:Provider is 'VkClod', which is no provider that is known; did you mean VkCloud?"
    )]
    [InlineData(
        "Provider",
        "s-1",
        "TokenAuth:vk:Provider is 's-1', which is no provider that is known; write VkCloud, AzureSpeech, StaticToken or SpeechTokenEndpoint."
    )]
    [InlineData(
        "Provider",
        "",
        "TokenAuth:vk:Provider is missing; write VkCloud, AzureSpeech, StaticToken or SpeechTokenEndpoint."
    )]
    [InlineData(
        "Provider",
        null,
        "TokenAuth:vk:Provider is missing; write VkCloud, AzureSpeech, StaticToken or SpeechTokenEndpoint."
    )]
    public void A_wrong_setting_stops_the_start_and_the_first_use_with_its_path(
        string setting,
        string? value,
        string fault
    )
    {
        using var services = Services(
            ("TokenAuth:vk:Provider", "VkCloud"),
            ("TokenAuth:vk:ClientId", "mcs.voice"),
            ("TokenAuth:vk:ClientSecret", "s-1"),
            ("TokenAuth:vk:" + setting, value)
        );

        var atStart = Assert.Throws<OptionsValidationException>(() => Start(services));
        var atFirstUse = Assert.Throws<OptionsValidationException>(() => Provider(services, "vk"));

        Assert.Equal([fault], atStart.Failures);
        Assert.Equal([fault], atFirstUse.Failures);
    }

    [Theory]
    [Trait("Failure", "37")]
    [InlineData(
        "AzureSpeech",
        "Region",
        "West Europe",
        "TokenAuth:p:Region is 'West Europe'; write it without spaces in lower case, for example 'westeurope'."
    )]
    [InlineData("StaticToken", "Tokn", "t", "TokenAuth:p:Tokn is not a setting of StaticToken; did you mean Token?")]
    [InlineData("StaticToken", "Key", "t", "TokenAuth:p:Key is not a setting of StaticToken; write Token.")]
    [InlineData("StaticToken", "Token", "", "TokenAuth:p:Token is missing; give the token that the console issued.")]
    public void Every_kind_says_the_path(string kind, string setting, string value, string fault)
    {
        using var services = Services(
            ("TokenAuth:p:Provider", kind),
            (kind == "AzureSpeech" ? "TokenAuth:p:SubscriptionKey" : "TokenAuth:p:Token", "k-1"),
            ("TokenAuth:p:" + setting, value)
        );

        var error = Assert.Throws<OptionsValidationException>(() => Start(services));

        Assert.Equal([fault], error.Failures);
    }

    [Fact]
    public void The_path_is_the_sections_own()
    {
        var root = Root(("My:Clients:vk:Provider", "VkCloud"), ("My:Clients:vk:ClientId", "mcs.voice"));
        using var services = Services(root, "My:Clients");

        var error = Assert.Throws<OptionsValidationException>(() => Start(services));

        Assert.Equal(
            [
                "My:Clients:vk:ClientSecret is missing; copy it from the VK Cloud console, or set RefreshToken to one that was issued earlier.",
            ],
            error.Failures
        );
    }

    [Fact]
    public void All_faults_of_all_children_are_told_at_once()
    {
        using var services = Services(
            ("TokenAuth:a:Provider", "VkCloud"),
            ("TokenAuth:a:Key", "k"),
            ("TokenAuth:a:Colour", "red"),
            ("TokenAuth:b:Provider", "StaticToken"),
            ("TokenAuth:c", "a value")
        );

        var error = Assert.Throws<OptionsValidationException>(() => Start(services));

        Assert.Equal(
            ["TokenAuth:a:Colour", "TokenAuth:a:Key", "TokenAuth:b:Token", "TokenAuth:c:Provider"],
            error.Failures.Select(fault => fault.Trim().Split(' ')[0]).Order()
        );
    }

    [Fact]
    [Trait("Failure", "37")]
    public void A_missing_section_stops_the_start()
    {
        using var services = Services();

        var error = Assert.Throws<OptionsValidationException>(() => Start(services));

        Assert.Equal(
            [
                "The configuration section 'TokenAuth' has no token provider. Is the section's name right and its file there? Each child is one "
                    + "provider: its name, and below it Provider and that provider's settings.",
            ],
            error.Failures
        );
    }

    [Fact]
    [Trait("Failure", "49")]
    public void A_name_in_the_section_and_in_code_stops_the_start()
    {
        using var services = Services(
            Root(("TokenAuth:vk:Provider", "StaticToken"), ("TokenAuth:vk:Token", "t")),
            configure: collection => collection.AddTokenAuth().AddStaticToken("VK", "t")
        );

        var error = Assert.Throws<OptionsValidationException>(() => Start(services));

        Assert.Equal(
            [
                "Two token providers are named 'VK' (names ignore case); give each a name of its own. One is configured at TokenAuth:vk; to set "
                    + "more of its options in code, call services.Configure for them under that name instead of adding it again.",
            ],
            error.Failures
        );
    }

    [Theory]
    [InlineData("TokenAuth", true)]
    [InlineData("TOKENAUTH", true)]
    [InlineData("TokenAuth", false)]
    public void A_section_that_is_added_again_is_one_section(string again, bool isOfABuilder)
    {
        var values = Root(("TokenAuth:s:Provider", "StaticToken"), ("TokenAuth:s:Token", "t"));
        using var manager = new ConfigurationManager();
        manager.AddConfiguration(values);
        IConfiguration root = isOfABuilder ? manager : values;
        using var services = Services(
            root,
            configure: collection => collection.AddTokenAuth(root.GetSection(again)).AddStaticToken("other", "t")
        );

        Start(services);

        Assert.NotNull(Provider(services, "s"));
        Assert.NotNull(Provider(services, "other"));
    }

    [Fact]
    public void A_section_of_one_path_and_another_root_is_another_section()
    {
        using var services = Services(
            Root(("TokenAuth:a:Provider", "StaticToken"), ("TokenAuth:a:Token", "t")),
            configure: collection =>
                collection.AddTokenAuth(
                    Root(("TokenAuth:b:Provider", "StaticToken"), ("TokenAuth:b:Token", "t")).GetSection("TokenAuth")
                )
        );

        Start(services);

        Assert.NotNull(Provider(services, "a"));
        Assert.NotNull(Provider(services, "b"));
    }

    [Fact]
    public void A_provider_in_code_takes_nothing_from_the_section_beside_it()
    {
        using var services = Services(
            Root(("TokenAuth:service:Provider", "StaticToken"), ("TokenAuth:service:Token", "t")),
            configure: collection =>
                collection.AddTokenAuth().AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("mcs.voice", "s-1"))
        );

        Start(services);

        Assert.Equal("mcs.voice", OptionsOf<VkCloudOptions>(services, "vk").ClientId);
    }

    [Fact]
    public void Code_may_set_more_of_a_childs_options()
    {
        using var services = Services(
            Root(
                ("TokenAuth:vk:Provider", "VkCloud"),
                ("TokenAuth:vk:ClientId", "mcs.voice"),
                ("TokenAuth:vk:ClientSecret", "s-1")
            ),
            configure: collection =>
                collection.Configure<VkCloudOptions>("vk", o => o.AssumedLifetime = TimeSpan.FromMinutes(10))
        );

        Start(services);

        Assert.Equal(10, OptionsOf<VkCloudOptions>(services, "vk").AssumedLifetime.TotalMinutes);
    }

    [Fact]
    public void What_is_added_to_the_configuration_after_the_registration_counts()
    {
        var configuration = new ConfigurationManager();
        using var services = Services(
            configuration,
            configure: _ =>
                configuration.AddInMemoryCollection([
                    new("TokenAuth:vk:Provider", "StaticToken"),
                    new("TokenAuth:vk:Token", "t"),
                ])
        );

        Start(services);

        Assert.NotNull(Provider(services, "vk"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void An_empty_value_leaves_the_default(string? empty)
    {
        using var services = Services(
            ("TokenAuth:p:Provider", "AzureSpeech"),
            ("TokenAuth:p:Region", "westeurope"),
            ("TokenAuth:p:SubscriptionKey", "k-1"),
            ("TokenAuth:p:TokenEndpoint", empty),
            ("TokenAuth:p:ReuseFor", empty)
        );

        Start(services);

        var options = OptionsOf<AzureSpeechOptions>(services, "p");
        Assert.Equal((null, TimeSpan.FromMinutes(9)), (options.TokenEndpoint, options.ReuseFor));
    }

    [Fact]
    [Trait("Failure", "36")]
    public async Task A_changed_section_starts_a_new_identity()
    {
        var root = Root(("TokenAuth:s:Provider", "StaticToken"), ("TokenAuth:s:Token", "t-1"));
        var logs = new RecordedLogs();
        using var services = Services(root, configure: collection => collection.AddSingleton<ILoggerFactory>(logs));
        Assert.Equal("t-1", await TokenOf(services, "s"));

        root["TokenAuth:s:Token"] = "t-2";
        root.Reload();

        Assert.Equal("t-2", await TokenOf(services, "s"));
        Assert.Equal(["The settings of token provider 's' changed; it starts anew with them."], logs.Messages(6));
    }

    [Fact]
    [Trait("Failure", "36")]
    public void A_reload_that_changes_nothing_keeps_the_identity()
    {
        var root = Root(
            ("TokenAuth:vk:Provider", "VkCloud"),
            ("TokenAuth:vk:ClientId", "mcs.voice"),
            ("TokenAuth:vk:ClientSecret", "s-1")
        );
        using var services = Services(root);
        var provider = (ReloadingTokenProvider<VkCloudOptions>)Provider(services, "vk");
        var before = provider.Current;

        root["Elsewhere"] = "changed";
        root.Reload();
        Assert.Same(before, provider.Current);

        root["TokenAuth:vk:ClientSecret"] = "s-2";
        root.Reload();
        Assert.NotSame(before, provider.Current);
    }

    [Theory]
    [Trait("Failure", "36")]
    [InlineData("Token", "", "TokenAuth:s:Token is missing; give the token that the console issued.")]
    [InlineData("Tokn", "t-2", "TokenAuth:s:Tokn is not a setting of StaticToken; did you mean Token?")]
    [InlineData(
        "Provider",
        "VkCloud",
        "TokenAuth:s:Provider is no longer StaticToken; start the application again to change it."
    )]
    [InlineData(
        "Provider",
        "",
        "TokenAuth:s:Provider is missing; write VkCloud, AzureSpeech, StaticToken or SpeechTokenEndpoint."
    )]
    public async Task An_invalid_reload_keeps_the_last_good_options_and_does_not_throw_into_it(
        string setting,
        string value,
        string fault
    )
    {
        var root = Root(("TokenAuth:s:Provider", "StaticToken"), ("TokenAuth:s:Token", "t-1"));
        var logs = new RecordedLogs();
        using var services = Services(root, configure: collection => collection.AddSingleton<ILoggerFactory>(logs));
        _ = services.GetRequiredService<IOptionsMonitor<StaticTokenOptions>>().Get("s");
        Assert.Equal("t-1", await TokenOf(services, "s"));

        root["TokenAuth:s:" + setting] = value;
        root.Reload();

        Assert.Equal("t-1", await TokenOf(services, "s"));
        Assert.Equal(
            [$"The changed settings of token provider 's' are wrong, so the last good ones stay in use. {fault}"],
            logs.Messages(5)
        );
    }

    [Fact]
    [Trait("Failure", "36")]
    public async Task A_section_that_vanishes_and_returns_is_taken_again()
    {
        var source = new VanishingSource();
        var root = new ConfigurationBuilder().Add(source).Build();
        using var services = Services(root);
        Assert.Equal("t-1", await TokenOf(services, "s"));

        source.Values.Clear();
        root.Reload();
        Assert.Equal("t-1", await TokenOf(services, "s"));

        source.Values["TokenAuth:s:Provider"] = "StaticToken";
        source.Values["TokenAuth:s:Token"] = "t-2";
        root.Reload();
        Assert.Equal("t-2", await TokenOf(services, "s"));
    }

    [Fact]
    [Trait("Failure", "46")]
    public void No_fault_shows_a_value()
    {
        const string Secret = "sEcReT-0123456789";
        var kinds = new[] { "VkCloud", "AzureSpeech", "StaticToken", Secret };
        var settings = BuiltInKinds.All.SelectMany(kind => kind.Settings.Keys).Distinct().ToList();

        foreach (var (kind, setting) in kinds.SelectMany(kind => settings.Select(setting => (kind, setting))))
        {
            // A space makes every text wrong.
            using var services = Services(
                ("TokenAuth:p:Provider", kind),
                (string.Create(CultureInfo.InvariantCulture, $"TokenAuth:p:{setting}"), Secret + " " + Secret)
            );

            var error = Assert.Throws<OptionsValidationException>(() => Start(services));
            Assert.DoesNotContain(Secret, error.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Every_option_can_be_configured()
    {
        foreach (
            var (kind, type) in new (IProviderKind, Type)[]
            {
                (VkCloudKind.Kind, typeof(VkCloudOptions)),
                (AzureSpeechKind.Kind, typeof(AzureSpeechOptions)),
                (StaticTokenKind.Kind, typeof(StaticTokenOptions)),
            }
        )
            Assert.Equal(
                type.GetProperties()
                    .Select(property => property.Name)
                    .Where(name => name != nameof(VkCloudOptions.ProviderName)) // the child's key says it
                    .Order(),
                kind.Settings.Keys.Order()
            );
    }

    [Fact]
    [Trait("Failure", "78")]
    public void A_section_of_many_children_is_listed_once_a_child()
    {
        var values = Enumerable
            .Range(0, 1_000)
            .SelectMany(n =>
                new (string, string?)[]
                {
                    ($"TokenAuth:client-{n}:Provider", "VkCloud"),
                    ($"TokenAuth:client-{n}:ClientId", "mcs.voice"),
                    ($"TokenAuth:client-{n}:ClientSecret", "secret"),
                    ($"TokenAuth:client-{n}:AssumedLifetime", "00:30:00"),
                }
            );
        var source = new CountingSource(Root([.. values]));
        using var services = Services(new ConfigurationBuilder().Add(source).Build());

        Start(services);
        _ = Provider(services, "client-999");

        Assert.InRange(source.Lists, 1_000, 1_010);
    }

    private sealed class CountingSource(IConfiguration inner) : IConfigurationSource
    {
        public int Lists { get; private set; }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => new Counting(this, inner);

        // Each list of children reads all of a configuration's keys.
        private sealed class Counting(CountingSource source, IConfiguration inner) : ConfigurationProvider
        {
            public override bool TryGet(string key, out string? value) => (value = inner[key]) is not null;

            public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
            {
                source.Lists++;

                return (parentPath is null ? inner : inner.GetSection(parentPath))
                    .GetChildren()
                    .Select(child => child.Key)
                    .Concat(earlierKeys);
            }
        }
    }

    private static IConfigurationRoot Root(params (string Key, string? Value)[] values)
    {
        // The last one of a key counts, as it does over several sources.
        var merged = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in values)
            merged[key] = value;

        return new ConfigurationBuilder().AddInMemoryCollection(merged).Build();
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] values) => Services(Root(values));

    private static ServiceProvider Services(
        IConfiguration root,
        string section = "TokenAuth",
        Action<IServiceCollection>? configure = null
    )
    {
        var services = new ServiceCollection();
        services.AddTokenAuth(root.GetSection(section));
        configure?.Invoke(services);

        return services.BuildServiceProvider();
    }

    private static void Start(IServiceProvider services) => services.GetRequiredService<IStartupValidator>().Validate();

    private static ITokenProvider Provider(IServiceProvider services, string name) =>
        services.GetRequiredKeyedService<ITokenProvider>(name);

    private static TOptions OptionsOf<TOptions>(IServiceProvider services, string name)
        where TOptions : class, new() => services.GetRequiredService<IOptionsFactory<TOptions>>().Create(name);

    private static async Task<string> TokenOf(IServiceProvider services, string name) =>
        (await Provider(services, name).GetTokenAsync(TestContext.Current.CancellationToken)).Value;

    private sealed class VanishingSource : ConfigurationProvider, IConfigurationSource
    {
        public Dictionary<string, string?> Values { get; } =
            new(StringComparer.OrdinalIgnoreCase)
            {
                ["TokenAuth:s:Provider"] = "StaticToken",
                ["TokenAuth:s:Token"] = "t-1",
            };

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Load() => Data = new Dictionary<string, string?>(Values, StringComparer.OrdinalIgnoreCase);
    }
}
