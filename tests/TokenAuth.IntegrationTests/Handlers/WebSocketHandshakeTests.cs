using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth.IntegrationTests.Handlers;

[Trait("Failure", "58")]
public sealed class WebSocketHandshakeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bearer", false)]
    [InlineData("Key", false)]
    [InlineData("Query", false)]
    [InlineData("Bearer", true)]
    public async Task A_handshake_that_was_refused_is_healed_and_the_socket_speaks(string kind, bool isSecure)
    {
        var handshakes = new List<string>();
        await using var server = await StartAsync(isSecure, handshakes);
        var sockets = new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = static (_, shown, _, _) =>
                    shown?.Equals(RawOrigin.Certificate) == true,
            },
        };
        using var invoker = new HttpMessageInvoker(
            RedirectArrangement.Handler(kind, new FakeTokenProvider("token-1", "token-2"), sockets)
        );
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(Address(server), invoker, Cancellation);
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, Cancellation);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, Cancellation);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.Equal(["token-1", "token-2"], handshakes);
    }

    private static async Task<WebApplication> StartAsync(bool isSecure, List<string> handshakes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
            options.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (isSecure)
                        listen.UseHttps(RawOrigin.Certificate);
                }
            )
        );
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(context => ServeAsync(context, handshakes));
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task ServeAsync(HttpContext context, List<string> handshakes)
    {
        var text =
            $"{context.Request.Headers.Authorization} {context.Request.Headers["Ocp-Apim-Subscription-Key"]} {context.Request.QueryString}";
        var token = text.Contains("token-2", StringComparison.Ordinal) ? "token-2" : "token-1";
        handshakes.Add(text.Contains(token, StringComparison.Ordinal) ? token : "none");
        if (token == "token-1")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
        await socket.SendAsync(
            buffer.AsMemory(0, received.Count),
            WebSocketMessageType.Text,
            endOfMessage: true,
            context.RequestAborted
        );
    }

    private static Uri Address(WebApplication server) =>
        new(
            server
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.Single()
                .Replace("http", "ws", StringComparison.Ordinal)
        );
}
