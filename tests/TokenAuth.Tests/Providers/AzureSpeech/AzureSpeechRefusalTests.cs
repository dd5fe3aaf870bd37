using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechRefusalTests : IDisposable
{
    private const string NetworkRules =
        "{\"error\":{\"code\":\"403\",\"message\":\"Access denied due to Virtual Network/Firewall rules.\"}}";

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly AzureSpeechTokenProvider _provider;

    public AzureSpeechRefusalTests()
    {
        _endpoint = new ScriptedEndpoint(_time);
        _provider = new AzureSpeechTokenProvider(
            new AzureSpeechOptions
            {
                Region = "westeurope",
                SubscriptionKey = "key-one",
                SecondaryKey = "key-two",
                ProviderName = "speech",
            },
            _endpoint.Client,
            _time
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<string> Keys =>
        _endpoint.Requests.Select(request => request.Headers["Ocp-Apim-Subscription-Key"]);

    public void Dispose()
    {
        _provider.Dispose();
        _endpoint.Dispose();
    }

    [Theory]
    [Trait("Failure", "70")]
    [InlineData(403, NetworkRules, "403")]
    [InlineData(400, NetworkRules, "400")]
    [InlineData(403, "{\"error\":{\"code\":\"QuotaExceeded\",\"message\":\"…\"}}", "403 QuotaExceeded")]
    [InlineData(
        403,
        "{\"error\":{\"code\":\"AuthenticationTypeDisabled\",\"message\":\"…\"}}",
        "403 AuthenticationTypeDisabled"
    )]
    [InlineData(403, "", "403")]
    [InlineData(400, "Bad Request", "400")]
    public async Task What_holds_for_both_keys_marks_none_and_lists_the_causes(int status, string body, string shown)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body), Issued);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        await GetAsync();

        Assert.Equal(
            $"Azure Speech's token endpoint westeurope.api.cognitive.microsoft.com issues provider 'speech' no token ({shown}), whichever key is used. Network rules: allow this "
                + "machine's network at the resource, use the private endpoint's own name, or send the key itself. A used-up quota: wait, or change the pricing tier. Keys that are "
                + "switched off for the resource: allow key access again (disableLocalAuth), or use Microsoft Entra. The next call tries again.",
            error.Message
        );
        Assert.True(error.IsTransient);
        Assert.Equal(status, (int)error.StatusCode!);
        Assert.Equal(["key-one", "key-one"], Keys);
    }

    [Fact]
    [Trait("Failure", "70")]
    public async Task The_second_key_is_not_marked_either()
    {
        _endpoint.Answers(
            () => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized),
            () => ScriptedEndpoint.Reply(HttpStatusCode.Forbidden, NetworkRules),
            Issued
        );

        await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        await GetAsync();

        Assert.Equal(["key-one", "key-two", "key-two"], Keys);
    }

    [Theory]
    [Trait("Failure", "65")]
    [InlineData(401, "text/html", "<html>Sign in to the proxy</html>")]
    [InlineData(401, "application/xml", "<Error/>")]
    [InlineData(403, "text/html", "<html>Blocked</html>")]
    [InlineData(400, "text/html", "<html>Blocked</html>")]
    public async Task A_firewalls_page_marks_no_key(int status, string type, string body)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, body, type), Issued);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);
        await GetAsync();

        Assert.Equal(
            $"A page came back in place of Azure Speech's response to provider 'speech' ({status}), as a firewall or a proxy sends it. Check that requests to "
                + "westeurope.api.cognitive.microsoft.com may pass. The next call tries again.",
            error.Message
        );
        Assert.True(error.IsTransient);
        Assert.Equal(["key-one", "key-one"], Keys);
    }

    [Theory]
    [Trait("Failure", "65")]
    [InlineData("text/plain", "Access denied")]
    [InlineData("text/html", "")]
    public async Task Azures_own_401_marks_it(string type, string body)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply(HttpStatusCode.Unauthorized, body, type), Issued);

        await GetAsync();

        Assert.Equal(["key-one", "key-two"], Keys);
    }

    [Theory]
    [Trait("Failure", "68")]
    [InlineData(408)]
    [InlineData(421)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(511)]
    public async Task A_status_that_means_again_is_transient_and_tried_again(int status)
    {
        _endpoint.Answers(() => ScriptedEndpoint.Reply((HttpStatusCode)status, "<html>", "text/html"));

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(GetAsync);

        Assert.True(error.IsTransient);
        Assert.Equal(["key-one", "key-one", "key-one"], Keys);
    }

    private HttpResponseMessage Issued() =>
        ScriptedEndpoint.Text(Jwt.ThatExpires(_time.GetUtcNow() + TimeSpan.FromMinutes(10)));

    private Task<AccessToken> GetAsync() =>
        _time.AdvanceUntilAsync(_provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(100), 200);
}
