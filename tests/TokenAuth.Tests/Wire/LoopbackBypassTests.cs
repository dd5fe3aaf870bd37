using System.Net;

namespace TokenAuth.Tests.Wire;

[Trait("Failure", "62")]
public sealed class LoopbackBypassTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5000/token", true)]
    [InlineData("http://localhost:5000/token", true)]
    [InlineData("http://[::1]:5000/token", true)]
    [InlineData("https://mcs.mail.ru/auth/oauth/v1/token", false)]
    [InlineData("http://localhost.example/", false)]
    public void A_proxy_carries_everything_but_what_is_for_this_machine(string address, bool isDirect)
    {
        var bypass = LoopbackBypass.Around(new EveryHost())!;

        Assert.Equal(isDirect, bypass.IsBypassed(new Uri(address)));
        Assert.Equal(isDirect ? null : EveryHost.Address, bypass.GetProxy(new Uri(address)));
    }

    [Fact]
    public void A_proxy_that_leaves_this_machine_alone_stays_what_it_is()
    {
        Assert.Null(LoopbackBypass.Around(new WebProxy("http://proxy.example:3128", BypassOnLocal: true)));
        Assert.Null(LoopbackBypass.Around(null));
    }

    [Fact]
    public void Its_credentials_are_the_proxys()
    {
        var proxy = new EveryHost { Credentials = new NetworkCredential("user", "password") };

        Assert.Same(proxy.Credentials, LoopbackBypass.Around(proxy)!.Credentials);
    }

#if !NETSTANDARD_ASSEMBLY
    [Fact]
    public void The_token_client_goes_to_this_machine_itself()
    {
        using var handler = TokenHttpClient.CreatePrimaryHandler(AddressRace.BySystem, new EveryHost());

        Assert.True(handler.Proxy!.IsBypassed(new Uri("http://127.0.0.1:5000/")));
    }
#endif

    // The one of the environment: http_proxy without no_proxy.
    private sealed class EveryHost : IWebProxy
    {
        public static readonly Uri Address = new("http://proxy.example:3128/");

        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => Address;

        public bool IsBypassed(Uri host) => false;
    }
}
