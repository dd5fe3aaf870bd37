using System.Net.Sockets;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Wire;

[Trait("Failure", "1")]
public sealed class UnreachableEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("refused", "cannot be reached. Check the network, the proxy and the firewall.")]
    [InlineData("no name", "has no address: its name cannot be resolved. Check VkCloudOptions.TokenEndpoint, and DNS.")]
    [InlineData(
        "no trust",
        "cannot be trusted: the TLS handshake failed. Check the clock, the proxy and the certificate authorities."
    )]
    public async Task An_endpoint_that_cannot_be_reached_is_tried_three_times_and_told(string how, string fault)
    {
        var time = new ManualTimeProvider { Patience = TimeSpan.FromSeconds(10) };
        await using var origin = new RawOrigin(isSecure: how == "no trust");
        var connections = 0;
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectCallback = async (context, cancellationToken) =>
                {
                    Interlocked.Increment(ref connections);
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );
        var address = how switch
        {
            "refused" => new Uri("http://127.0.0.1:1/token"),
            "no name" => new Uri("https://no-such-host.invalid/token"),
            _ => new Uri($"https://127.0.0.1:{origin.Port}/token"),
        };
        var options = Options.Vk(origin);
        options.TokenEndpoint = address;
        using var provider = new VkCloudTokenProvider(options, client, time);

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
            time.AdvanceUntilAsync(provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(2), 100_000)
        );

        Assert.Equal($"VK Cloud's token endpoint {address} of provider 'VkCloud' {fault}", error.Message);
        Assert.Equal(3, connections);
        Assert.True(error.IsTransient);
        Assert.Null(error.InnerException);
        Assert.Empty(origin.Received);
        Assert.DoesNotContain("the-client-secret", error.ToString());
    }
}
