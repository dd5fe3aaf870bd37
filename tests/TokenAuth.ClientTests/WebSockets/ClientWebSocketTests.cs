using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.ClientTests.WebSockets;

public sealed class ClientWebSocketTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handshake_that_met_a_revoked_token_is_healed_and_the_open_socket_goes_on()
    {
        await using var service = await RevocableService.StartAsync(map: app => app.Map("/socket", EchoAsync));
        var services = service.CreateClientServices();
        services.AddHttpClient("speech").AddBearerToken("voice");
        await using var provider = services.BuildServiceProvider();
        var handlers = provider.GetRequiredService<IHttpMessageHandlerFactory>();
        var address = new UriBuilder(service.Address) { Scheme = "ws", Path = "/socket" }.Uri;

        using var open = new ClientWebSocket();
        await open.ConnectAsync(address, new HttpMessageInvoker(handlers.CreateHandler("speech"), false), Cancellation);
        service.Revoke();
        // recipe: websocket
        using var invoker = new HttpMessageInvoker(handlers.CreateHandler("speech"), disposeHandler: false);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, invoker, CancellationToken.None);
        // end of recipe

        Assert.Equal("first", await AskAsync(open, "first"));
        Assert.Equal("second", await AskAsync(socket, "second"));
        service.AssertHealed();
    }

    private static async Task<string> AskAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Cancellation);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, Cancellation);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task EchoAsync(HttpContext context)
    {
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
}
