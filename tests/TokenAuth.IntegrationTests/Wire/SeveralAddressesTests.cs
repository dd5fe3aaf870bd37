using System.Net;
using System.Net.Sockets;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.IntegrationTests.Wire;

[Trait("Failure", "67")]
public sealed class SeveralAddressesTests : IAsyncDisposable
{
    private const string Granted = """{"access_token":"access-1","refresh_token":"refresh-1","expired_in":"3600"}""";

    private readonly RawOrigin _origin = new() { Answer = _ => RawOrigin.Json(200, Granted) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    // Nobody listens at 127.0.0.2 to .5, IPv6 has nobody at this port either.
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2 127.0.0.1")]
    [InlineData("::1 127.0.0.1")]
    [InlineData("::1 127.0.0.2 ::1 127.0.0.3 127.0.0.4 127.0.0.5 127.0.0.1")]
    [InlineData("127.0.0.1 127.0.0.2")]
    public async Task An_address_that_refuses_gives_way_to_the_next(string addresses)
    {
        using var provider = Provider(addresses);

        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal("access-1", token.Value);
        Assert.Single(_origin.Received);
    }

    [Theory]
    [InlineData("127.0.0.9 127.0.0.1")]
    [InlineData("127.0.0.9 127.0.0.9 127.0.0.2 127.0.0.1")]
    public async Task An_address_whose_packets_vanish_gives_way_within_the_attempt(string addresses)
    {
        using var hole = new Hole(IPAddress.Parse("127.0.0.9"), _origin.Port);
        using var provider = Provider(addresses);
        var started = TimeProvider.System.GetTimestamp();

        var token = await provider.GetTokenAsync(Cancel);

        Assert.Equal("access-1", token.Value);
        Assert.Single(_origin.Received);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Where_none_answers_the_failure_is_that_of_one()
    {
        using var provider = Provider("127.0.0.2 127.0.0.3");

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await provider.GetTokenAsync(Cancel)
        );

        Assert.EndsWith("cannot be reached. Check the network, the proxy and the firewall.", error.Message);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task A_name_without_an_address_is_said_to_have_none()
    {
        using var provider = Provider("");

        var error = await Assert.ThrowsAsync<TokenAcquisitionException>(async () =>
            await provider.GetTokenAsync(Cancel)
        );

        Assert.EndsWith(
            "has no address: its name cannot be resolved. Check VkCloudOptions.TokenEndpoint, and DNS.",
            error.Message
        );
    }

    private VkCloudTokenProvider Provider(string addresses)
    {
        IPAddress[] resolved = [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
        var options = Options.Vk(_origin, refreshToken: "refresh-0");
        options.TokenEndpoint = new Uri($"http://localhost:{_origin.Port}/token");
        var handler = TokenHttpClient.CreatePrimaryHandler(new AddressRace((_, _) => Task.FromResult(resolved)), null);

        return new VkCloudTokenProvider(options, new HttpClient(handler));
    }

    /// <summary>An address that drops packets: the system does that where a listener's queue is full.</summary>
    private sealed class Hole : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public Hole(IPAddress address, int port)
        {
            var listener = Add();
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen(0);
            for (var n = 0; n < 4; n++)
            {
                var filler = Add();
                filler.Blocking = false;
                try
                {
                    filler.Connect(address, port);
                }
                catch (SocketException waiting) when (waiting.SocketErrorCode == SocketError.WouldBlock) { }
            }
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

        private Socket Add()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);

            return socket;
        }
    }
}
