using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TokenAuth.Testing;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers.VkCloud;

public sealed class VkCloudTokenSourceTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;

    public VkCloudTokenSourceTests() => _endpoint = new ScriptedEndpoint(_time);

    public void Dispose() => _endpoint.Dispose();

    [Theory]
    [Trait("Failure", "46")]
    [InlineData("alpha.bravo", 1)]
    [InlineData("delta.hotel", 2)]
    [InlineData("india.oscar", 3)]
    [InlineData("romeo.tango", 4)]
    public async Task No_refresh_token_that_is_tried_gets_into_a_message_by_being_echoed(string echoed, int tried)
    {
        var options = new VkCloudOptions { ClientId = "mcs1.voice.2", RefreshToken = "india.oscar" };
        var pace = new ClientCredentialsPace(_time);
        pace.Granted("romeo.tango");
        var previous = new TokenGrant(new AccessToken("access-1"))
        {
            RefreshToken = "alpha.bravo",
            OtherRefreshToken = "delta.hotel",
        };
        var source = Source(options, pace);
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                n < tried
                    ? ScriptedEndpoint.Reply(HttpStatusCode.BadRequest)
                    : ScriptedEndpoint.Reply(HttpStatusCode.NotFound, $$"""{"error":"{{echoed}}"}""")
            );

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            source.AcquireAsync(previous, TestContext.Current.CancellationToken)
        );

        Assert.Contains(echoed, _endpoint.Requests[^1].Body);
        Assert.Equal(
            "VK Cloud's token endpoint failed for provider 'VkCloud' (404). The next call tries again.",
            error.Message
        );
        Assert.Null(error.ErrorCode);
    }

    [Fact]
    public async Task A_grant_says_what_it_is_for()
    {
        _endpoint.Answers(() =>
            ScriptedEndpoint.Json(
                """{"refresh_token":"refresh-1","access_token":"access-1","scope":{"tts":1,"asr_short":1}}"""
            )
        );
        var source = Source(
            new VkCloudOptions { ClientId = "mcs1.voice.2", ClientSecret = "secret" },
            new ClientCredentialsPace(_time)
        );

        var grant = await source.AcquireAsync(previous: null, TestContext.Current.CancellationToken);

        Assert.Equal(["tts", "asr_short"], grant.Scopes);
    }

    private VkCloudTokenSource Source(VkCloudOptions options, ClientCredentialsPace pace) =>
        new(options, new TokenEndpointClient(() => _endpoint.Client, _time), pace, _time, NullLogger.Instance);
}
