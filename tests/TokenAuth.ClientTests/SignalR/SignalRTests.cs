using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.ClientTests.SignalR;

public sealed class SignalRTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_met_a_revoked_token_is_healed_and_an_open_one_goes_on()
    {
        await using var service = await RevocableService.StartAsync(
            services => services.AddSignalR(),
            app => app.MapHub<EchoHub>("/hub")
        );
        var services = service.CreateClientServices();
        services.AddHttpClient("hub").AddBearerToken("voice");
        await using var provider = services.BuildServiceProvider();
        var handlers = provider.GetRequiredService<IHttpMessageHandlerFactory>();
        var address = new Uri(service.Address, "hub");

        await using var open = Connect(address, handlers);
        await open.StartAsync(Cancellation);
        service.Revoke();
        await using var next = Connect(address, handlers);
        await next.StartAsync(Cancellation);

        Assert.Equal("first", await open.InvokeAsync<string>("Echo", "first", Cancellation));
        Assert.Equal("second", await next.InvokeAsync<string>("Echo", "second", Cancellation));

        // Each connection negotiates, then opens its websocket.
        Assert.Equal(["token-1", "token-1", "token-1", "token-2", "token-2"], service.Credentials);
        Assert.Equal(2, service.TokensIssued);
    }

    private static HubConnection Connect(Uri address, IHttpMessageHandlerFactory handlers)
    {
        // recipe: signalr
        var connection = new HubConnectionBuilder()
            .WithUrl(
                address,
                options =>
                {
                    options.HttpMessageHandlerFactory = _ => handlers.CreateHandler("hub");
                    options.WebSocketFactory = async (context, cancellationToken) =>
                    {
                        var invoker = new HttpMessageInvoker(handlers.CreateHandler("hub"), disposeHandler: false);
                        var socket = new ClientWebSocket();
                        await socket.ConnectAsync(context.Uri, invoker, cancellationToken);
                        return socket;
                    };
                }
            )
            .WithAutomaticReconnect()
            .Build();
        // end of recipe
        return connection;
    }
}
