using System.Net;
using System.Net.Sockets;

namespace TokenAuth.Soak;

/// <summary>Stands between the fleet and its database, on loopback, and can hang up, fall silent, or cut what is open.</summary>
internal sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = []; // guarded by _gate
    private readonly int _databasePort;
    private readonly Action _moved;
    private readonly Task _accepting;
    private volatile bool _hangsUp;
    private volatile TaskCompletionSource? _silence;

    /// <param name="moved">Told whenever bytes pass.</param>
    public DatabaseProxy(int databasePort, Action moved)
    {
        _databasePort = databasePort;
        _moved = moved;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whoever connects is sent away, and so is whoever has connected.</summary>
    public void HangUp()
    {
        _hangsUp = true;
        Cut();
    }

    /// <summary>Connections are taken and kept; not a byte passes.</summary>
    public void FallSilent() => _silence = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every connection breaks; new ones are welcome.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var socket in _open)
                Reset(socket);
        }
    }

    public void Recover()
    {
        _hangsUp = false;
        var silence = _silence;
        _silence = null;
        silence?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Recover();
        Cut();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_ending.Token);
                if (_hangsUp)
                    Reset(client);
                else
                    _ = ServeAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var database = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            lock (_gate)
                _open.UnionWith([client, database]);
            try
            {
                client.NoDelay = database.NoDelay = true;
                await database.ConnectAsync(IPAddress.Loopback, _databasePort, _ending.Token);
                await Task.WhenAny(PassAsync(client, database), PassAsync(database, client));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The database is away, or all ends.
            }
            finally
            {
                lock (_gate)
                    _open.ExceptWith([client, database]);
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[8 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer.AsMemory(), _ending.Token)) > 0)
            {
                _moved();
                if (_silence is { } silence)
                    await silence.Task;
                await to.SendAsync(buffer.AsMemory(0, read), _ending.Token);
            }
        }
        catch (Exception exception)
            when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side left; the other one is closed by the caller.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }

        socket.Dispose();
    }
}
