using System.Net;
using System.Net.Sockets;

namespace TokenAuth.Tests.Storage;

/// <summary>
/// An address that moves from one server to another, as that of a load balancer does: new connections go to the new one, those that are open
/// stay where they are.
/// </summary>
internal sealed class SwitchedAddress : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private volatile int _target;

    public SwitchedAddress(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void SwitchTo(int target) => _target = target;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _ending.Token),
                    server.GetStream().CopyToAsync(client.GetStream(), _ending.Token)
                );
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The server is away, or all ends.
            }
        }
    }
}
