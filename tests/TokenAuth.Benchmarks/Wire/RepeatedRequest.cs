using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TokenAuth.Benchmarks;

/// <summary>One POST, sent again and again over connections that stay open, each as soon as the last one is answered.</summary>
internal sealed class RepeatedRequest : IDisposable
{
    private readonly Socket[] _sockets;
    private readonly byte[] _request;

    public RepeatedRequest(Uri server, string path, int connections)
    {
        _request = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Length: 0\r\n\r\n"
        );
        _sockets = [.. Enumerable.Range(0, connections).Select(_ => Connect(server))];
    }

    /// <summary>How many were answered meanwhile.</summary>
    public async Task<long> SendForAsync(TimeSpan duration)
    {
        var end = Environment.TickCount64 + (long)duration.TotalMilliseconds;
        var counts = await Task.WhenAll(_sockets.Select(socket => Task.Run(() => SendUntilAsync(socket, end))));

        return counts.Sum();
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private async Task<long> SendUntilAsync(Socket socket, long end)
    {
        var buffer = new byte[16 * 1024];
        var count = 0L;
        for (; Environment.TickCount64 < end; count++)
        {
            await socket.SendAsync(_request);
            for (var length = 0; !IsWhole(buffer.AsSpan(0, length)); )
                length += await socket.ReceiveAsync(buffer.AsMemory(length)) is > 0 and var read
                    ? read
                    : throw new IOException("The server closed the connection.");
        }

        return count;
    }

    private static bool IsWhole(ReadOnlySpan<byte> response)
    {
        var head = response.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        if (!response.StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException(Encoding.ASCII.GetString(response[..head]));

        var field = response.IndexOf("Content-Length: "u8) + "Content-Length: "u8.Length;
        var digits = response[field..head];
        var end = digits.IndexOf((byte)'\r');

        return response.Length >= head + 4 + int.Parse(end < 0 ? digits : digits[..end], provider: null);
    }

    private static Socket Connect(Uri server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, server.Port);

        return socket;
    }
}
