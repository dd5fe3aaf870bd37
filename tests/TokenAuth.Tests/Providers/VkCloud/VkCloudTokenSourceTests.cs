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
        var client = new TokenEndpointClient(() => _endpoint.Client, _time);
        var source = new VkCloudTokenSource(options, client, pace, isPersistent: false, NullLogger.Instance);
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
            "VK Cloud's token endpoint failed for provider 'VkCloud' (404). It is tried again.",
            error.Message
        );
        Assert.Null(error.ErrorCode);
    }
}
