using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>An HTTP/1.1 server on a socket of 127.0.0.1 that keeps every byte it gets and says what it is told to.</summary>
internal sealed class RawOrigin : IAsyncDisposable
{
    private static readonly Lazy<X509Certificate2> _certificate = new(MakeCertificate);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly bool _isSecure;
    private readonly Task _accepting;

    public RawOrigin(bool isSecure = false)
    {
        _isSecure = isSecure;
        _listener.Start(1024);
        _accepting = AcceptAsync();
    }

    /// <summary>The certificate of a secure one; nobody trusts it.</summary>
    public static X509Certificate2 Certificate => _certificate.Value;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"{(_isSecure ? "https" : "http")}://127.0.0.1:{Port}/");

    /// <summary>The bytes to answer a request with; see <see cref="Reply"/>.</summary>
    public Func<RawRequest, Task<string>> AnswerLater { get; set; } = _ => Task.FromResult(Reply(200));

    public Func<RawRequest, string> Answer
    {
        set => AnswerLater = request => Task.FromResult(value(request));
    }

    /// <summary>Writes an answer by itself, in place of the other two.</summary>
    public Func<RawRequest, Stream, Task>? Write { get; set; }

    public ConcurrentQueue<RawRequest> Received { get; } = new();

    public static string Reply(int status, string body = "", string? headers = null) =>
        $"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} Said\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public static string Json(int status, string body) => Reply(status, body, "Content-Type: application/json\r\n");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException) { }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            await using var network = new NetworkStream(socket, ownsSocket: true);
            await using var stream = _isSecure ? await SecureAsync(network) : network;
            var input = new RawInput(stream);
            while (await input.ReadAsync(_end.Token) is { } request)
            {
                Received.Enqueue(request);
                if (Write is not null)
                    await Write(request, stream);
                else
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(await AnswerLater(request)), _end.Token);
            }
        }
        catch (Exception e)
            when (e
                    is IOException
                        or OperationCanceledException
                        or SocketException
                        or System.Security.Authentication.AuthenticationException
            ) { }
    }

    private static async Task<Stream> SecureAsync(NetworkStream network)
    {
        var secure = new SslStream(network);
        await secure.AuthenticateAsServerAsync(_certificate.Value);
        return secure;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
