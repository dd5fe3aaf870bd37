using System.Text.Json;

namespace TokenAuth.Tests.Providers.VkCloud;

[Trait("Failure", "37")]
public sealed class VkCloudOptionsTests
{
    private const string Surrounded = "has white space around it (a line break from a file or a copy?); remove it.";

    [Fact]
    public void The_defaults_are_the_documented_ones()
    {
        var options = new VkCloudOptions();

        Assert.Equal("https://mcs.mail.ru/auth/oauth/v1/token", options.TokenEndpoint.AbsoluteUri);
        Assert.Equal(TimeSpan.FromHours(1), options.AssumedLifetime);
        Assert.Equal("", options.ClientId);
        using var provider = new VkCloudTokenProvider(new() { ClientId = "id", ClientSecret = "secret" });
        Assert.Equal("VkCloudTokenProvider 'VkCloud'", provider.ToString());
    }

    [Fact]
    public void A_client_with_a_secret_or_a_refresh_token_is_good()
    {
        Assert.Empty(Faults(_ => { }));
        Assert.Empty(Faults(o => (o.ClientSecret, o.RefreshToken) = (null, "r")));
        Assert.Empty(Faults(o => (o.ClientSecret, o.RefreshToken) = ("", "r")));
        Assert.Empty(Faults(o => o.RefreshToken = ""));
    }

    [Fact]
    public void Everything_that_is_missing_is_told_at_once() =>
        Assert.Equal(
            [
                "TokenAuth:vk:ClientId is missing; copy it from the VK Cloud console.",
                "TokenAuth:vk:ClientSecret is missing; copy it from the VK Cloud console, or set RefreshToken to one that was issued earlier.",
                "TokenAuth:vk:TokenEndpoint is missing; leave it out for VK Cloud's own.",
                "TokenAuth:vk:AssumedLifetime is 00:00:00; write a time from one minute to 24 hours.",
            ],
            Faults(o =>
            {
                o.ClientId = null!;
                o.ClientSecret = "";
                o.TokenEndpoint = null!;
                o.AssumedLifetime = TimeSpan.Zero;
            })
        );

    [Theory]
    [Trait("Failure", "69")]
    [InlineData("mcs0123456789.voice.abcdef")]
    [InlineData("mcs0123456789.ml.vision.ABCDEF")]
    public void An_id_and_a_secret_that_are_swapped_are_refused_and_the_secret_is_not_shown(string clientId)
    {
        var options = new VkCloudOptions
        {
            ClientId = "the-secret",
            ClientSecret = clientId,
            SettingPrefix = "TokenAuth:vk:",
        };

        Assert.Equal(
            [
                "TokenAuth:vk:ClientSecret looks like a client id; are ClientId and ClientSecret swapped? Copy each from its own field of the VK Cloud console.",
            ],
            VkCloudOptionsValidator.Errors(options)
        );
        Assert.Equal("VkCloudOptions (no client, https://mcs.mail.ru/auth/oauth/v1/token)", options.ToString());
    }

    [Theory]
    [InlineData("the-secret\n", Surrounded)]
    [InlineData("the-secret\r\n", Surrounded)]
    [InlineData(" the-secret", Surrounded)]
    [InlineData("the-secret\u00A0", Surrounded)]
    [InlineData("the secret", "has the character U+0020 at position 3; only U+0021 to U+007E are allowed.")]
    [InlineData("the\nsecret", "has the character U+000A at position 3; only U+0021 to U+007E are allowed.")]
    [InlineData("the\0secret", "has the character U+0000 at position 3; only U+0021 to U+007E are allowed.")]
    [InlineData("sécret", "has the character U+00E9 at position 1; only U+0021 to U+007E are allowed.")]
    [InlineData("\uFEFFsecret", "has the character U+FEFF at position 0; only U+0021 to U+007E are allowed.")]
    [InlineData("secret\u007F", "has the character U+007F at position 6; only U+0021 to U+007E are allowed.")]
    public void A_secret_that_a_header_cannot_carry_is_refused_and_not_shown(string secret, string fault)
    {
        Assert.Equal(["TokenAuth:vk:ClientSecret " + fault], Faults(o => o.ClientSecret = secret));
        Assert.Equal(["TokenAuth:vk:RefreshToken " + fault], Faults(o => o.RefreshToken = secret));
        Assert.Equal(["TokenAuth:vk:ClientId " + fault], Faults(o => o.ClientId = secret));
    }

    [Fact]
    public void A_secret_that_is_too_long_is_refused() =>
        Assert.Equal(
            ["TokenAuth:vk:ClientSecret has 16385 characters; at most 16384 are allowed."],
            Faults(o => o.ClientSecret = new string('a', 16_385))
        );

    [Theory]
    [InlineData("https://oauth.example/token")]
    [InlineData("https://oauth.example:8443/token?x=y")]
    [InlineData("http://localhost/token")]
    [InlineData("http://localhost:5000/token")]
    [InlineData("http://127.0.0.1:5000/token")]
    [InlineData("http://127.1.2.3/token")]
    [InlineData("http://[::1]:5000/token")]
    public void An_endpoint_is_https_or_loopback(string endpoint) =>
        Assert.Empty(Faults(o => o.TokenEndpoint = new Uri(endpoint)));

    [Theory]
    [InlineData("http://oauth.example/token?x=y", "http://oauth.example/token")]
    [InlineData("http://10.0.0.1/token", "http://10.0.0.1/token")]
    [InlineData("http://localhost.example/token", "http://localhost.example/token")]
    [InlineData("http://127.0.0.1.example/token", "http://127.0.0.1.example/token")]
    [InlineData("http://0.0.0.0/token", "http://0.0.0.0/token")]
    [InlineData("ftp://oauth.example/token", "ftp://oauth.example/token")]
    [InlineData("file:///etc/token", "file:///etc/token")]
    public void Any_other_endpoint_is_refused(string endpoint, string shown) =>
        Assert.Equal(
            [
                $"TokenAuth:vk:TokenEndpoint is '{shown}'; a secret goes there, so it must be https (http is for loopback only, or for an emulator with TokenAuth:vk:AllowHttp = true).",
            ],
            Faults(o => o.TokenEndpoint = new Uri(endpoint))
        );

    [Theory]
    [InlineData("http://emulator:8080/token", true)]
    [InlineData("https://emulator:8080/token", true)]
    [InlineData("ftp://emulator/token", false)]
    [InlineData("http://user:password@emulator:8080/token", false)]
    public void Http_goes_to_another_host_only_where_that_is_said(string endpoint, bool isGood) =>
        Assert.Equal(isGood, !Faults(o => (o.TokenEndpoint, o.AllowHttp) = (new Uri(endpoint), true)).Any());

    [Fact]
    public void Http_to_another_host_is_a_warning_at_each_start()
    {
        var logs = new RecordedLogs();
        foreach (
            var endpoint in new[]
            {
                "http://emulator:8080/token",
                "http://127.0.0.1:8080/token",
                "https://a.example/token",
            }
        )
        {
            var options = new VkCloudOptions
            {
                ClientId = "id",
                ClientSecret = "secret",
                TokenEndpoint = new Uri(endpoint),
                AllowHttp = true,
                ProviderName = "vk",
            };
            using var provider = new VkCloudTokenProvider(options, loggerFactory: logs);
        }

        Assert.Equal(
            [
                "Warning 17: Provider 'vk' sends its secret to http://emulator:8080 without TLS, because AllowHttp is true: whoever is on the way can read "
                    + "it. That is for emulators and tests only.",
            ],
            logs.Warnings
        );
    }

    [Fact]
    public void A_relative_endpoint_is_refused() =>
        Assert.Equal(
            ["TokenAuth:vk:TokenEndpoint is not an address; write it whole, with https://."],
            Faults(o => o.TokenEndpoint = new Uri("mcs.mail.ru/auth", UriKind.RelativeOrAbsolute))
        );

    [Fact]
    public void A_password_in_the_endpoint_is_refused_and_not_shown() =>
        Assert.Equal(
            [
                "TokenAuth:vk:TokenEndpoint has a user name or password in the address of host 'oauth.example'; remove them.",
            ],
            Faults(o => o.TokenEndpoint = new Uri("https://user:password@oauth.example/token"))
        );

    [Theory]
    [InlineData(60, 0, true)]
    [InlineData(60, -1, false)]
    [InlineData(86_400, 0, true)]
    [InlineData(86_400, 1, false)]
    [InlineData(-60, 0, false)]
    public void An_assumed_lifetime_has_bounds(int seconds, long tick, bool isGood) =>
        Assert.Equal(
            isGood,
            !Faults(o => o.AssumedLifetime = TimeSpan.FromSeconds(seconds) + TimeSpan.FromTicks(tick)).Any()
        );

    [Fact]
    public void A_constructor_refuses_what_the_start_refuses()
    {
        var options = new VkCloudOptions { ClientId = "id", ClientSecret = "the-secret\n" };

        var error = Assert.Throws<ArgumentException>(() => new VkCloudTokenProvider(options));

        Assert.Equal($"VkCloudOptions.ClientSecret {Surrounded} (Parameter 'options')", error.Message);
        Assert.Throws<ArgumentNullException>(() => new VkCloudTokenProvider(null!));
    }

    [Fact]
    [Trait("Failure", "46")]
    public void Options_print_and_serialize_without_their_secrets()
    {
        var options = new VkCloudOptions
        {
            ClientId = "id",
            ClientSecret = "hidden-secret",
            RefreshToken = "hidden-refresh",
        };

        Assert.Equal("VkCloudOptions (client 'id', https://mcs.mail.ru/auth/oauth/v1/token)", options.ToString());
        Assert.DoesNotContain("hidden", JsonSerializer.Serialize(options));
    }

    [Theory]
    [InlineData("mcs.mail.ru/auth", "VkCloudOptions (client 'id', an endpoint that is no address)")]
    [InlineData(
        "https://user:hidden@oauth.example/token?key=hidden",
        "VkCloudOptions (client 'id', https://oauth.example/token)"
    )]
    [InlineData(null, "VkCloudOptions (client 'id', no endpoint)")]
    public void Wrong_options_print_too(string? endpoint, string expected)
    {
        var options = new VkCloudOptions
        {
            ClientId = "id",
            TokenEndpoint = endpoint is null ? null! : new Uri(endpoint, UriKind.RelativeOrAbsolute),
        };

        Assert.Equal(expected, options.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void A_blank_name_is_refused(string? name) =>
        Assert.Equal(
            ["TokenAuth:vk:ProviderName is blank; leave it out or give the provider a name."],
            Faults(o => o.ProviderName = name!)
        );

    [Fact]
    public void A_provider_without_a_container_has_its_name()
    {
        var options = new VkCloudOptions
        {
            ClientId = "id",
            ClientSecret = "secret",
            ProviderName = "mine",
        };

        using var provider = new VkCloudTokenProvider(options);

        Assert.Equal("VkCloudTokenProvider 'mine'", provider.ToString());
    }

    private static IEnumerable<string> Faults(Action<VkCloudOptions> change)
    {
        var options = new VkCloudOptions
        {
            ClientId = "id",
            ClientSecret = "secret",
            SettingPrefix = "TokenAuth:vk:",
        };
        change(options);

        return new VkCloudOptionsValidator().Validate(null, options).Failures ?? [];
    }
}
