namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "27")]
public sealed class HostGuardTests
{
    [Theory]
    // exact host, port 443
    [InlineData("voice.mcs.mail.ru", "https://voice.mcs.mail.ru/asr", true)]
    [InlineData("voice.mcs.mail.ru", "https://voice.mcs.mail.ru:443/asr", true)]
    [InlineData("voice.mcs.mail.ru", "https://voice.mcs.mail.ru", true)]
    [InlineData("voice.mcs.mail.ru", "https://VOICE.mcs.MAIL.ru/asr", true)]
    [InlineData("VOICE.MCS.mail.ru", "https://voice.mcs.mail.ru/asr", true)]
    [InlineData("voice.mcs.mail.ru:443", "https://voice.mcs.mail.ru/asr", true)]
    [InlineData("voice.mcs.mail.ru", "https://voice.mcs.mail.ru:8443/asr", false)]
    [InlineData("voice.mcs.mail.ru", "https://mcs.mail.ru/", false)]
    [InlineData("voice.mcs.mail.ru", "https://x.voice.mcs.mail.ru/", false)]
    [InlineData("voice.mcs.mail.ru", "https://xvoice.mcs.mail.ru/", false)]
    [InlineData("voice.mcs.mail.ru", "https://voice.mcs.mail.ru.evil.example/", false)]
    // user-info, back-slashes, fragments
    [InlineData("voice.mcs.mail.ru", "https://voice.mcs.mail.ru@evil.example/", false)]
    [InlineData("voice.mcs.mail.ru", "https://voice.mcs.mail.ru:443@evil.example/", false)]
    [InlineData("voice.mcs.mail.ru", "https://evil.example#@voice.mcs.mail.ru/", false)]
    [InlineData("voice.mcs.mail.ru", "https://evil.example/voice.mcs.mail.ru/", false)]
    // a dot at the end, http, other schemes
    [InlineData("voice.mcs.mail.ru", "https://voice.mcs.mail.ru./", false)]
    [InlineData("voice.mcs.mail.ru", "http://voice.mcs.mail.ru/", false)]
    [InlineData("voice.mcs.mail.ru", "http://voice.mcs.mail.ru:443/", false)]
    [InlineData("voice.mcs.mail.ru", "ftp://voice.mcs.mail.ru:443/", false)]
    // port
    [InlineData("api.example.com:8443", "https://api.example.com:8443/", true)]
    [InlineData("api.example.com:8443", "https://api.example.com/", false)]
    [InlineData("api.example.com:8443", "https://api.example.com:844/", false)]
    // suffix
    [InlineData(".example.com", "https://api.example.com/", true)]
    [InlineData(".example.com", "https://a.b.EXAMPLE.com/", true)]
    [InlineData(".example.com", "https://example.com/", false)]
    [InlineData(".example.com", "https://badexample.com/", false)]
    [InlineData(".example.com", "https://api.example.com.evil.example/", false)]
    [InlineData(".example.com", "https://api.example.com:8443/", false)]
    [InlineData(".example.com", "http://api.example.com/", false)]
    // international names
    [InlineData("bücher.example", "https://bücher.example/", true)]
    [InlineData("bücher.example", "https://xn--bcher-kva.example/", true)]
    [InlineData("xn--bcher-kva.example", "https://BÜCHER.example/", true)]
    [InlineData("api\u3002example\uFF0Ecom", "https://api.example.com/", true)]
    [InlineData("api.example.com", "https://api\uFF61example.com/", true)]
    [InlineData("api.example.com", "https://api.example.com\u3002/", false)]
    [InlineData("voice.mcs.mail.ru", "https://voıce.mcs.mail.ru/", false)]
    [InlineData("voice.mcs.mail.ru", "https://vоice.mcs.mail.ru/", false)]
    // addresses
    [InlineData("10.0.0.5", "https://10.0.0.5/", true)]
    [InlineData("10.0.0.5", "https://167772165/", true)]
    [InlineData("10.0.0.5", "https://[::ffff:10.0.0.5]/", false)]
    [InlineData("[fd00::1]:8443", "https://[FD00:0:0:0:0:0:0:1]:8443/", true)]
    [InlineData("[fd00::1]", "https://[fd00::2]/", false)]
    public void A_credential_goes_to_hosts_on_the_list_over_https(string entry, string uri, bool allowed)
    {
        Assert.Equal(allowed, Guard(entry).Allows(new Uri(uri)));
    }

    [Theory]
    [InlineData("http://localhost/", true)]
    [InlineData("http://LocalHost:5000/", true)]
    [InlineData("https://localhost:5001/", true)]
    [InlineData("http://127.0.0.1:81/", true)]
    [InlineData("http://127.255.0.9/", true)]
    [InlineData("http://2130706433/", true)]
    [InlineData("http://[::1]:5000/", true)]
    [InlineData("http://[::1%]:5000/", false)]
    [InlineData("http://[0:0:0:0:0:0:0:1]/", true)]
    [InlineData("ftp://localhost/", false)]
    [InlineData("http://128.0.0.1/", false)]
    [InlineData("http://0.0.0.0/", false)]
    [InlineData("http://[::]/", false)]
    [InlineData("http://[::ffff:127.0.0.1]/", false)]
    [InlineData("http://[::127.0.0.1]/", false)]
    [InlineData("http://localhost./", false)]
    [InlineData("http://a.localhost/", false)]
    [InlineData("http://localhost.evil.example/", false)]
    [InlineData("http://127.0.0.1.evil.example/", false)]
    [InlineData("http://localhost@evil.example/", false)]
    [InlineData("http://127.0.0.1:80@evil.example/", false)]
    public void Loopback_needs_no_entry(string uri, bool allowed)
    {
        Assert.Equal(allowed, Guard().Allows(new Uri(uri)));
    }

    [Theory]
    [InlineData("https://api.example.com/", "https://api.example.com.evil.example/")]
    [InlineData("https://api.example.com/", "https://api.example.com:8443/")]
    [InlineData("https://api.example.com/", "https://api.example.com@evil.example/")]
    [InlineData("https://api.example.com", "https://api.example.com.evil.example")]
    [InlineData("https://api.example.com?a", "https://api.example.comx?a")]
    [InlineData("https://a@api.example.com/", "https://a@evil.example/")]
    [InlineData("https:\\\\api.example.com/", "https:\\\\evil.example/")]
    [InlineData("https:/\\api.example.com/", "https:/\\evil.example/")]
    [InlineData("https:/\\api.example.com/", "https://evil.example/")]
    [InlineData("http://localhost:1/", "http://localhost.evil.example:1/")]
    public void An_allowed_address_opens_no_way_for_one_that_begins_like_it(string allowed, string other)
    {
        var guard = Guard("api.example.com");

        Assert.True(guard.Allows(new Uri(allowed)));
        Assert.True(guard.Allows(new Uri(allowed)));
        Assert.False(guard.Allows(new Uri(other)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("https://api.example.com")]
    [InlineData("api.example.com/path")]
    [InlineData("user@api.example.com")]
    [InlineData("@api.example.com")]
    [InlineData("api.example.com.")]
    [InlineData("api.example.com.:8443")]
    [InlineData("api.example.com\u3002")] // full stops of other writings are dots in a name (RFC 3490 section 3.1)
    [InlineData("api.example.com\uFF0E")]
    [InlineData("api.example.com\uFF61")]
    [InlineData("api.example.com\u3002:8443")]
    [InlineData(".example.com\u3002")]
    [InlineData("api.example.com:")]
    [InlineData("api.example.com:http")]
    [InlineData("api.example.com:70000")]
    [InlineData(" api.example.com")]
    [InlineData("api.example.com ")]
    [InlineData("*.example.com")]
    [InlineData("a.example.com,b.example.com")]
    [InlineData(".")]
    [InlineData("..example.com")]
    [InlineData(".example.com:8443")]
    [InlineData(".10.0.0.5")]
    [InlineData("fd00::1")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("[::1]\u00B3")]
    [InlineData("xn--bche\u02A0r-kva.example")]
    [InlineData(".com")]
    [InlineData(".xn--p1ai")]
    [InlineData("com")]
    [InlineData("emulator")]
    [InlineData("x:0")]
    [InlineData("api.example.com:0")]
    [InlineData("api.example.com:65536")]
    [Trait("Failure", "88")]
    public void A_wrong_entry_is_an_error_when_the_handler_is_made(string? entry)
    {
        var options = new TokenHandlerOptions { AllowedHosts = { entry! } };

        var error = Assert.Throws<ArgumentException>(() =>
            new BearerTokenHandler(new FakeTokenProvider("t1"), options)
        );

        Assert.Contains("AllowedHosts", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Write 'api.example.com' or '.example.com' for port 443, or 'api.example.com:8443', without scheme, path or wildcard.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_list_that_is_null_is_an_error_when_the_handler_is_made()
    {
        var options = new TokenHandlerOptions { AllowedHosts = null! };

        var error = Assert.Throws<ArgumentException>(() =>
            new BearerTokenHandler(new FakeTokenProvider("t1"), options)
        );

        Assert.StartsWith(
            "TokenHandlerOptions.AllowedHosts is null; leave it empty for the provider's own hosts.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "https://user:secret@api.example.com:8443/path?key=secret",
        "BearerTokenHandler sends no credential to 'https://api.example.com:8443': the credential is for loopback only, since neither its "
            + "provider nor its options name a host. If that service may receive it, add \"api.example.com:8443\" to AllowedHosts in the "
            + "options of BearerTokenHandler."
    )]
    [InlineData(
        "https://[fd00::1]/",
        "BearerTokenHandler sends no credential to 'https://[fd00::1]': the credential is for loopback only, since neither its "
            + "provider nor its options name a host. If that service may receive it, add \"[fd00::1]\" to AllowedHosts in the "
            + "options of BearerTokenHandler."
    )]
    [InlineData(
        "http://api.example.com/",
        "BearerTokenHandler sends no credential to 'http://api.example.com': only https and loopback may receive one. Use the service's "
            + "https address, or, for an emulator, add \"api.example.com\" to AllowHttp in the options of BearerTokenHandler."
    )]
    [InlineData(
        "ws://emulator/",
        "BearerTokenHandler sends no credential to 'ws://emulator:80': only wss and loopback may receive one. Use the service's "
            + "wss address, or, for an emulator, add \"emulator:80\" to AllowHttp in the options of BearerTokenHandler."
    )]
    [InlineData(
        "ftp://api.example.com/",
        "BearerTokenHandler sends no credential to 'ftp://api.example.com': only https and loopback may receive one. "
            + "Use the service's https address."
    )]
    [InlineData(
        "https+http://catalog/",
        "BearerTokenHandler sends no credential to 'https+http://catalog': only service discovery understands 'https+http', and none has "
            + "resolved the address. Add AddServiceDiscovery() to this client (package Microsoft.Extensions.ServiceDiscovery), or use the "
            + "service's https address."
    )]
    [InlineData(
        "https://spsvc.blob.core.windows.net/results/a.json?sv=2021&sig=secret",
        "BearerTokenHandler sends no credential to 'https://spsvc.blob.core.windows.net': Azure's blob storage takes no such credential, the "
            + "address of a result carries its own signature. Send this request with a client without TokenAuth."
    )]
    [InlineData(
        "https://api.example.com./",
        "BearerTokenHandler sends no credential to 'https://api.example.com.'. "
            + "Write the host without the dot at its end, 'api.example.com'."
    )]
    [InlineData(
        "https://xn--bche\u02A0r-kva.example/",
        "BearerTokenHandler sends no credential to 'https://xn--bche\u02A0r-kva.example': that is not a host name. Correct the address."
    )]
    public async Task A_denied_host_gets_nothing_and_the_error_says_what_to_do(string uri, string message)
    {
        var primary = new StubPrimaryHandler(200);
        var provider = new FakeTokenProvider("t1");
        using var client = new HttpMessageInvoker(new BearerTokenHandler(provider) { InnerHandler = primary });

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(new(HttpMethod.Get, uri), TestContext.Current.CancellationToken)
        );

        Assert.Equal(message, error.Message);
        Assert.Empty(primary.Received);
        Assert.Equal(0, provider.Asked);
    }

    [Theory]
    [InlineData("northeurope.api.cognitive.microsoft.com")] // a key is no remedy either: it is for the other region
    [InlineData("westeurope.example.com")]
    public async Task A_host_that_only_resembles_a_listed_one_is_to_be_listed(string host)
    {
        var options = new TokenHandlerOptions
        {
            AllowedHosts = { "westeurope.stt.speech.microsoft.com", "westeurope.tts.speech.microsoft.com" },
        };
        using var client = new HttpMessageInvoker(
            AnyHandler.Of("Bearer", new FakeTokenProvider("t1"), new StubPrimaryHandler(200), options)
        );

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(new(HttpMethod.Get, $"https://{host}/"), TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            $"BearerTokenHandler sends no credential to 'https://{host}': the credential is for westeurope.stt.speech.microsoft.com, "
                + "westeurope.tts.speech.microsoft.com and loopback. If that service may receive it, add "
                + $"\"{host}\" to AllowedHosts in the options of BearerTokenHandler.",
            error.Message
        );
    }

    [Fact]
    public void What_the_error_says_to_add_is_a_valid_entry()
    {
        foreach (var uri in new[] { "https://[fd00::1]:8443/", "https://10.0.0.5/", "https://bücher.example:1/" })
            Assert.True(Guard(AllowedHost.EntryFor(new Uri(uri))).Allows(new Uri(uri)));
    }

    [Fact]
    public void The_providers_hosts_are_allowed_as_they_are_now()
    {
        var provider = new Audience { AllowedHosts = ["west.example.com"] };
        var guard = new HostGuard(["own.example.com"], provider);
        var west = new Uri("https://west.example.com/");
        Assert.True(guard.Allows(west));
        Assert.True(guard.Allows(west));
        Assert.True(guard.Knows(west, out var hosts) && guard.AreStill(hosts));

        provider.AllowedHosts = ["east.example.com"];

        Assert.False(guard.Knows(west, out hosts) && guard.AreStill(hosts));
        Assert.False(guard.Allows(west));
        Assert.True(guard.Allows(new Uri("https://east.example.com/")));
        Assert.True(guard.Allows(new Uri("https://own.example.com/")));
    }

    [Fact]
    public void A_provider_may_name_its_first_host_later()
    {
        var provider = new Audience { AllowedHosts = [] };
        var guard = new HostGuard([], provider);
        Assert.False(guard.Allows(new Uri("https://west.example.com/")));

        provider.AllowedHosts = ["west.example.com"];

        Assert.True(guard.Allows(new Uri("https://west.example.com/")));
    }

    [Theory]
    [InlineData("https://west.example.com/a", true)]
    [InlineData("https://west.example.com/A", false)]
    [InlineData("https://west.example.com/a?oauth_token=x", false)]
    [InlineData("https://west.example.com/", false)]
    public void An_address_is_known_by_its_whole_text(string uri, bool known)
    {
        var guard = Guard("west.example.com");
        guard.Allows(new Uri("https://west.example.com/a"));

        Assert.Equal(known, guard.Knows(new Uri(uri), out _));
    }

    [Fact]
    public void Options_are_read_once()
    {
        var options = new TokenHandlerOptions { AllowedHosts = { "api.example.com" } };
        var guard = new HostGuard(options.AllowedHosts, null);

        options.AllowedHosts.Add("late.example.com");

        Assert.True(guard.Allows(new Uri("https://api.example.com/")));
        Assert.False(guard.Allows(new Uri("https://late.example.com/")));
    }

    private static HostGuard Guard(params string[] entries) => new(entries, null);

    private sealed class Audience : ITokenAudience
    {
        public required IReadOnlyCollection<string> AllowedHosts { get; set; }

        public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
            default;
    }
}
