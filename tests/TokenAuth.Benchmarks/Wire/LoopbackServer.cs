using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TokenAuth.Benchmarks;

/// <summary>Answers every request on 127.0.0.1 alike and allocates nothing meanwhile, so that what is counted is the client's.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _response;

    public LoopbackServer(string contentType, string body)
    {
        _response = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );
        _listener.Start();
        Address = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public Uri Address { get; }

    /// <summary>How long an answer takes: with some time each one finds the client waiting, and what it allocates does not vary.</summary>
    public TimeSpan Delay { get; set; }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                socket.NoDelay = true;
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }

    private void Serve(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (socket.Receive(buffer.AsSpan(length)) is > 0 and var read)
            {
                length += read;
                if (!IsWhole(buffer.AsSpan(0, length)))
                    continue;

                length = 0;
                if (Delay > TimeSpan.Zero)
                    Thread.Sleep(Delay);
                socket.Send(_response);
            }
        }
        catch (SocketException)
        {
            // The client went away.
        }

        socket.Dispose();
    }

    // One request at a time: no pipelining, and bodies with a length.
    private static bool IsWhole(ReadOnlySpan<byte> request)
    {
        var head = request.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;

        var field = request.IndexOf("Content-Length: "u8);
        if (field < 0 || field > head)
            return !IsPost(request);

        var length = 0;
        foreach (var digit in request.Slice(field + "Content-Length: "u8.Length))
        {
            if (digit is < (byte)'0' or > (byte)'9')
                break;
            length = (length * 10) + digit - '0';
        }

        return request.Length >= head + "\r\n\r\n"u8.Length + length;
    }

    // A chunked body ends with an empty chunk.
    private static bool IsPost(ReadOnlySpan<byte> request) =>
        request.StartsWith("POST"u8) && !request.EndsWith("\r\n0\r\n\r\n"u8);
}
