using System.Text.Json;

namespace TokenAuth.Tests.Providers.AzureSpeech;

[Trait("Failure", "37")]
public sealed class AzureSpeechOptionsTests
{
    private const string Surrounded = "has white space around it (a line break from a file or a copy?); remove it.";

    [Fact]
    public void A_token_is_reused_for_nine_minutes() =>
        Assert.Equal(TimeSpan.FromMinutes(9), new AzureSpeechOptions().ReuseFor);

    [Fact]
    public void No_key_is_preset_and_the_name_is_the_vendors()
    {
        Assert.Equal("", new AzureSpeechOptions().SubscriptionKey);
        using var provider = new AzureSpeechTokenProvider(new() { Region = "westeurope", SubscriptionKey = "key" });
        Assert.Equal("AzureSpeechTokenProvider 'AzureSpeech'", provider.ToString());
    }

    [Fact]
    public void A_key_with_a_region_or_an_endpoint_is_good()
    {
        Assert.Empty(Faults(_ => { }));
        Assert.Empty(Faults(o => (o.Region, o.TokenEndpoint) = (null, new Uri("https://a.example/issueToken"))));
        Assert.Empty(Faults(o => (o.Region, o.TokenEndpoint) = ("", new Uri("http://127.0.0.1:5000/issueToken"))));
        Assert.Empty(Faults(o => o.SecondaryKey = "spare"));
        Assert.Empty(Faults(o => o.Region = "az09"));
    }

    [Fact]
    public void Everything_that_is_missing_is_told_at_once() =>
        Assert.Equal(
            [
                "TokenAuth:speech:Region is missing; write the resource's region, for example 'westeurope', or set Endpoint or TokenEndpoint.",
                "TokenAuth:speech:SubscriptionKey is missing; copy a key from the resource's page in the Azure portal.",
                "TokenAuth:speech:ReuseFor is 00:00:00; write a time from one minute to ten.",
            ],
            Faults(o => (o.Region, o.SubscriptionKey, o.ReuseFor) = (null, null!, TimeSpan.Zero))
        );

    [Theory]
    [InlineData("West Europe", "'West Europe'")]
    [InlineData("WestEurope", "'WestEurope'")]
    [InlineData("westeurope ", "'westeurope '")]
    [InlineData("west-europe", "'west-europe'")]
    [InlineData("evil.example/", "'evil.example/'")]
    [InlineData("~", "'~'")]
    [InlineData("Abcdefghijklmnopqrstuvwxyzab12", "'Abcdefghijklmnopqrstuvwxyzab12'")]
    [InlineData("Abcdefghijklmnopqrstuvwxyzabc12", "a text of 31 characters")]
    [InlineData("Abc123", "a text of 6 characters")]
    [InlineData("westeurope\n", "a text of 11 characters")]
    [InlineData("wésteurope", "a text of 10 characters")]
    [InlineData("A0000000000000000000000000000000", "a text of 32 characters")] // a key in the wrong place
    public void A_region_is_lower_case_letters_and_digits(string region, string shown) =>
        Assert.Equal(
            [$"TokenAuth:speech:Region is {shown}; write it without spaces in lower case, for example 'westeurope'."],
            Faults(o => o.Region = region)
        );

    [Theory]
    [InlineData("the-key\n", Surrounded)]
    [InlineData(" the-key", Surrounded)]
    [InlineData("the key", "has the character U+0020 at position 3; only U+0021 to U+007E are allowed.")]
    public void A_key_that_a_header_cannot_carry_is_refused_and_not_shown(string key, string fault)
    {
        Assert.Equal(["TokenAuth:speech:SubscriptionKey " + fault], Faults(o => o.SubscriptionKey = key));
        Assert.Equal(["TokenAuth:speech:SecondaryKey " + fault], Faults(o => o.SecondaryKey = key));
    }

    [Fact]
    public void An_empty_spare_key_is_refused() =>
        Assert.Equal(
            [
                "TokenAuth:speech:SecondaryKey is empty; leave it out, or copy a key from the resource's page in the Azure portal.",
            ],
            Faults(o => o.SecondaryKey = "")
        );

    [Fact]
    public void An_endpoint_beyond_loopback_is_https() =>
        Assert.Equal(
            [
                "TokenAuth:speech:TokenEndpoint is 'http://a.example/issueToken'; a secret goes there, so it must be https (http is for loopback only, or for an emulator with TokenAuth:speech:AllowHttp = true).",
            ],
            Faults(o => o.TokenEndpoint = new Uri("http://a.example/issueToken"))
        );

    [Fact]
    public void An_endpoint_is_enough() =>
        Assert.Empty(
            Faults(o => (o.Region, o.Endpoint) = (null, new Uri("https://mine.cognitiveservices.azure.com/")))
        );

    [Theory]
    [InlineData("https://mine.cognitiveservices.azure.com", "https://mine.cognitiveservices.azure.com/")]
    [InlineData("https://mine.cognitiveservices.azure.us/speech?x=y", "https://mine.cognitiveservices.azure.us/")]
    [InlineData("https://mine.services.ai.azure.com/", "https://mine.services.ai.azure.com/")]
    [InlineData("https://westeurope.api.cognitive.microsoft.com/", "https://westeurope.api.cognitive.microsoft.com/")]
    [InlineData("https://westeurope.tts.speech.microsoft.com/", "https://westeurope.tts.speech.microsoft.com/")]
    [InlineData("https://mine.cognitiveservices.azure.com/sts/v1.0/", "https://mine.cognitiveservices.azure.com/")]
    public void What_the_portal_shows_is_no_token_endpoint(string endpoint, string shown) =>
        Assert.Equal(
            [
                "TokenAuth:speech:TokenEndpoint is an address of the resource, as the Azure portal shows it, and not that of issueToken; write "
                    + $"'{shown}' as Endpoint, and leave TokenEndpoint out.",
            ],
            Faults(o => o.TokenEndpoint = new Uri(endpoint))
        );

    [Theory]
    [InlineData("https://mine.cognitiveservices.azure.com/sts/v1.0/issueToken")]
    [InlineData("https://mine.cognitiveservices.azure.com/sts/v1.0/issuetoken/?scope=x")]
    [InlineData("https://westeurope.stt.speech.microsoft.com/v1.0/issueToken")]
    [InlineData("https://gateway.example/speech")]
    public void The_address_of_issueToken_is(string endpoint) =>
        Assert.Empty(Faults(o => o.TokenEndpoint = new Uri(endpoint)));

    [Fact]
    public void The_address_of_issueToken_is_no_endpoint() =>
        Assert.Equal(
            [
                "TokenAuth:speech:Endpoint is the address of issueToken; write it as TokenEndpoint, or 'https://mine.cognitiveservices.azure.com/' as Endpoint.",
            ],
            Faults(o => o.Endpoint = new Uri("https://mine.cognitiveservices.azure.com/sts/v1.0/issueToken"))
        );

    [Fact]
    public void A_page_of_the_portal_is_neither()
    {
        const string page =
            "is a page of the Azure portal; write the endpoint that the resource's page shows under \"Keys and Endpoint\" as Endpoint.";
        var portal = new Uri("https://portal.azure.com/#@tenant/resource/x");

        Assert.Equal(["TokenAuth:speech:Endpoint " + page], Faults(o => o.Endpoint = portal));
        Assert.Equal(["TokenAuth:speech:TokenEndpoint " + page], Faults(o => o.TokenEndpoint = portal));
    }

    [Theory]
    [InlineData("http://emulator:8080/", false, 2)]
    [InlineData("http://emulator:8080/", true, 0)]
    [InlineData("http://127.0.0.1:8080/", false, 0)]
    [InlineData("ftp://emulator/", true, 2)]
    public void Http_beyond_loopback_is_said(string endpoint, bool allowHttp, int faults) =>
        Assert.Equal(
            faults,
            Faults(o => (o.Endpoint, o.TokenEndpoint, o.AllowHttp) = (new Uri(endpoint), new Uri(endpoint), allowHttp))
                .Count()
        );

    [Theory]
    [InlineData("speechservicesmanagement")]
    [InlineData("https://cognitiveservices.azure.com/.default")]
    [InlineData("")]
    public void A_scope_is_a_word(string scope) => Assert.Empty(Faults(o => o.Scope = scope));

    [Theory]
    [InlineData("a b", "is 'a b'")]
    [InlineData("a&b=c", "is a text of 5 characters")]
    [InlineData("a\nb", "is a text of 3 characters")]
    [InlineData("0123456789abcdef0123456789abcdef", "is a text of 32 characters")] // a key in the wrong place
    public void Anything_else_is_none(string scope, string described) =>
        Assert.Equal(
            [$"TokenAuth:speech:Scope {described}; write for example 'speechservicesmanagement', or leave it out."],
            Faults(o => o.Scope = scope)
        );

    [Fact]
    [Trait("Failure", "69")]
    public void A_key_in_the_endpoint_is_not_repeated() =>
        Assert.Equal(
            [
                "TokenAuth:speech:Endpoint has something in it that looks like a key or a token; write the address alone.",
            ],
            Faults(o =>
                o.Endpoint = new Uri("https://contoso.cognitiveservices.azure.com/?k=0123456789abcdef0123456789abcdef")
            )
        );

    [Theory]
    [Trait("Failure", "69")]
    [InlineData("https://0123456789abcdef.tts.speech.microsoft.com/")]
    [InlineData("https://0123456789abcdef.api.cognitive.microsoft.us/")]
    public void A_regions_address_without_a_region_is_refused(string endpoint) =>
        Assert.Equal(
            [
                "TokenAuth:speech:Endpoint is the address of a region, and has none in its first part; write for example 'https://westeurope.api.cognitive.microsoft.com/' as Endpoint, or "
                    + "'westeurope' as Region.",
            ],
            Faults(o => o.Endpoint = new Uri(endpoint))
        );

    [Fact]
    public void A_scope_has_at_most_100_characters()
    {
        Assert.Empty(Faults(o => o.Scope = new string('a', 100)));
        Assert.Single(Faults(o => o.Scope = new string('a', 101)));
    }

    [Fact]
    public void Every_setting_is_a_part_of_being_the_same()
    {
        Action<AzureSpeechOptions>[] changes =
        [
            o => o.Region = "eastus",
            o => o.Endpoint = new Uri("https://mine.cognitiveservices.azure.com/"),
            o => o.TokenEndpoint = new Uri("https://a.example/issueToken"),
            o => o.SubscriptionKey = "other",
            o => o.SecondaryKey = "spare",
            o => o.Scope = "speechservicesmanagement",
            o => o.ReuseFor = TimeSpan.FromMinutes(5),
            o => o.AllowHttp = true,
        ];
        var options = new AzureSpeechOptions { Region = "westeurope", SubscriptionKey = "key" };
        Assert.True(options.IsSameAs(options.Copy()));

        foreach (var change in changes)
        {
            var other = options.Copy();
            change(other);
            Assert.False(options.IsSameAs(other));
        }
    }

    [Theory]
    [InlineData(60, 0, true)]
    [InlineData(60, -1, false)]
    [InlineData(600, 0, true)]
    [InlineData(600, 1, false)]
    public void A_reuse_time_has_bounds(int seconds, long tick, bool isGood) =>
        Assert.Equal(isGood, !Faults(o => o.ReuseFor = TimeSpan.FromSeconds(seconds) + TimeSpan.FromTicks(tick)).Any());

    [Fact]
    public void A_constructor_refuses_what_the_start_refuses()
    {
        var options = new AzureSpeechOptions { Region = "West Europe", SubscriptionKey = "key" };

        var error = Assert.Throws<ArgumentException>(() => new AzureSpeechTokenProvider(options));

        Assert.Equal(
            "AzureSpeechOptions.Region is 'West Europe'; write it without spaces in lower case, for example 'westeurope'. (Parameter 'options')",
            error.Message
        );
        Assert.Throws<ArgumentNullException>(() => new AzureSpeechTokenProvider(null!));
    }

    [Fact]
    [Trait("Failure", "46")]
    public void Options_print_and_serialize_without_their_keys()
    {
        var options = new AzureSpeechOptions
        {
            Region = "westeurope",
            SubscriptionKey = "hidden-1",
            SecondaryKey = "hidden-2",
        };

        Assert.Equal("AzureSpeechOptions (westeurope)", options.ToString());
        Assert.DoesNotContain("hidden", JsonSerializer.Serialize(options));
    }

    [Theory]
    [InlineData("sts/v1.0/issueToken", "AzureSpeechOptions (an endpoint that is no address)")]
    [InlineData(
        "https://user:hidden@a.example/issueToken?k=hidden",
        "AzureSpeechOptions (https://a.example/issueToken)"
    )]
    [InlineData(null, "AzureSpeechOptions (no endpoint)")]
    public void Wrong_options_print_too(string? endpoint, string expected)
    {
        var options = new AzureSpeechOptions
        {
            Region = "",
            TokenEndpoint = endpoint is null ? null : new Uri(endpoint, UriKind.RelativeOrAbsolute),
        };

        Assert.Equal(expected, options.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void A_blank_name_is_refused(string? name) =>
        Assert.Equal(
            ["TokenAuth:speech:ProviderName is blank; leave it out or give the provider a name."],
            Faults(o => o.ProviderName = name!)
        );

    [Fact]
    public void A_provider_without_a_container_has_its_name()
    {
        var options = new AzureSpeechOptions
        {
            Region = "westeurope",
            SubscriptionKey = "key",
            ProviderName = "mine",
        };

        using var provider = new AzureSpeechTokenProvider(options);

        Assert.Equal("AzureSpeechTokenProvider 'mine'", provider.ToString());
    }

    private static IEnumerable<string> Faults(Action<AzureSpeechOptions> change)
    {
        var options = new AzureSpeechOptions
        {
            Region = "westeurope",
            SubscriptionKey = "key",
            SettingPrefix = "TokenAuth:speech:",
        };
        change(options);

        return new AzureSpeechOptionsValidator().Validate(null, options).Failures ?? [];
    }
}
