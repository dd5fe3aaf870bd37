using System.Net;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.IntegrationTests.Samples;

namespace TokenAuth.IntegrationTests.Wire;

/// <summary>A proxy that wants to know who asks, over sockets and as <c>http_proxy</c> of a process.</summary>
[Trait("Failure", "62")]
public sealed class ProxyTests
{
    private const string AsksForCredentials =
        "cannot be reached: the proxy asks for credentials (407). Write them into the proxy's address (HTTPS_PROXY), or set Proxy.Credentials or DefaultProxyCredentials of the "
        + "primary handler (ConfigureTokenClient).";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken", 407, AsksForCredentials)]
    [InlineData("http://emulator.internal/sts/v1.0/issueToken", 407, AsksForCredentials)]
    [InlineData(
        "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken",
        403,
        "cannot be reached through the proxy. Check the proxy's settings and rules, and whether it asks for credentials."
    )]
    public async Task A_proxy_that_stops_the_call_is_named_and_not_the_region(string address, int status, string rest)
    {
        await using var proxy = new RawOrigin();
        proxy.Answer = _ => RawOrigin.Reply(status, "<html>", "Proxy-Authenticate: Basic realm=\"proxy\"\r\n");
        using var client = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, Proxy = new WebProxy(proxy.Address) }
        );
        using var provider = new AzureSpeechTokenProvider(
            new AzureSpeechOptions
            {
                TokenEndpoint = new Uri(address),
                SubscriptionKey = "the-subscription-key",
                AllowHttp = true,
            },
            client
        );

        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await provider.GetTokenAsync(Cancel)
        );
        var report = await provider.ProbeAsync(cancellationToken: Cancel);

        Assert.Equal($"Azure Speech's token endpoint {address} of provider 'AzureSpeech' {rest}", failure.Message);
        Assert.Equal("urn:tokenauth:proxy-refused", failure.HelpLink);
        Assert.True(failure.IsTransient);
        Assert.Equal("proxy-refused", Assert.Single(report.Findings).Code);
    }

    [Theory]
    [InlineData("HTTPS_PROXY", "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken")]
    [InlineData("http_proxy", "http://tokens.internal/sts/v1.0/issueToken")]
    public async Task A_process_whose_environment_has_such_a_proxy_says_so(string variable, string address)
    {
        await using var proxy = new RawOrigin();
        proxy.Answer = _ => RawOrigin.Reply(407, "", "Proxy-Authenticate: Basic realm=\"proxy\"\r\n");
        using var sample = SampleProcess.Start(
            "AzureSpeech",
            new Dictionary<string, string>
            {
                [variable] = proxy.Address.AbsoluteUri,
                ["TokenAuth__speech__Region"] = "westeurope",
                ["TokenAuth__speech__TokenEndpoint"] = address,
                ["TokenAuth__speech__SubscriptionKey"] = "the-subscription-key",
                ["TokenAuth__speech__AllowHttp"] = "true",
            },
            "--live"
        );

        var (exitCode, _, error) = await sample.EndAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains(
            $"TokenAuth.TokenAcquisitionException: Azure Speech's token endpoint {address} of provider 'speech' {AsksForCredentials}",
            error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("the-subscription-key", error, StringComparison.Ordinal);
        Assert.NotEmpty(proxy.Received);
    }

    [Fact]
    public async Task A_process_whose_environment_has_a_proxy_reaches_its_own_machine_without_it()
    {
        await using var proxy = new RawOrigin();
        using var sample = SampleProcess.Start(
            "AzureSpeech",
            new Dictionary<string, string> { ["http_proxy"] = proxy.Address.AbsoluteUri, ["no_proxy"] = "127.0.0.1" }
        );

        var (exitCode, output, error) = await sample.EndAsync();

        Assert.True(exitCode == 0, error);
        Assert.Contains("recognizer   has a token of", output, StringComparison.Ordinal);
        Assert.Empty(proxy.Received);
    }

    [Fact]
    public async Task A_process_whose_own_requests_would_go_through_the_proxy_to_this_machine_is_told()
    {
        await using var proxy = new RawOrigin();
        using var sample = SampleProcess.Start(
            "AzureSpeech",
            new Dictionary<string, string> { ["http_proxy"] = proxy.Address.AbsoluteUri }
        );

        var (exitCode, _, error) = await sample.EndAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains("and loopback must not leave this machine", error, StringComparison.Ordinal);
        Assert.Empty(proxy.Received);
    }
}
