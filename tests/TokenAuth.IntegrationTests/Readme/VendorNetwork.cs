using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>
/// The vendors' own hosts over TLS: a proxy on this machine that opens every tunnel to the emulator, so that a program runs as it is written,
/// with its https addresses.
/// </summary>
internal sealed class VendorNetwork : IAsyncDisposable
{
    private static readonly string[] s_hosts =
    [
        "mcs.mail.ru",
        "voice.mcs.mail.ru",
        "westeurope.api.cognitive.microsoft.com",
        "westeurope.tts.speech.microsoft.com",
    ];

    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tokenauth-network-");
    private readonly TokenServiceEmulator _emulator;

    private VendorNetwork(TokenServiceEmulator emulator) => _emulator = emulator;

    /// <summary>What a process needs to be in this network.</summary>
    public Dictionary<string, string> Environment =>
        new()
        {
            ["HTTPS_PROXY"] = $"http://{_proxy.LocalEndpoint}",
            ["SSL_CERT_FILE"] = Path.Combine(_directory.FullName, "trusted.pem"),
        };

    public static async Task<VendorNetwork> StartAsync(TokenServiceEmulator emulator)
    {
        var network = new VendorNetwork(emulator);
        network._proxy.Start();
        var trusted = network._certificate.ExportCertificatePem();
        await File.WriteAllTextAsync(network.Environment["SSL_CERT_FILE"], trusted);
        _ = network.AcceptAsync();

        return network;
    }

    public ValueTask DisposeAsync()
    {
        _proxy.Stop();
        _certificate.Dispose();
        _directory.Delete(recursive: true);

        return default;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = TunnelAsync(await _proxy.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
            // It was stopped.
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using var connection = client;
        await using var stream = client.GetStream();
        var host = await ReadHostAsync(stream);
        if (!s_hosts.Contains(host))
            return;

        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        await using var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(_certificate);
        using var emulator = new TcpClient();
        await emulator.ConnectAsync(IPAddress.Loopback, _emulator.BaseAddress.Port);
        await using var plain = emulator.GetStream();
        await Task.WhenAny(secure.CopyToAsync(plain), plain.CopyToAsync(secure));
    }

    // CONNECT host:443 HTTP/1.1, and headers up to an empty line.
    private static async Task<string> ReadHostAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var host = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1)?.Split(':')[0] ?? "";
        while (!string.IsNullOrEmpty(await reader.ReadLineAsync())) { }

        return host;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=TokenAuth tests", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in s_hosts)
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;

        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
