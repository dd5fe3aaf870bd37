using System.Net;

namespace TokenAuth;

/// <summary>
/// The machine's proxy for every host but this machine: a token service on loopback is asked without TLS, and its secret must not pass
/// through a proxy in clear.
/// </summary>
internal sealed class LoopbackBypass(IWebProxy proxy) : IWebProxy
{
    private static readonly Uri[] _loopback =
    [
        new("http://127.0.0.1/"),
        new("http://localhost/"),
        new("http://[::1]/"),
    ];

    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    /// <summary>Null where the proxy leaves loopback alone already: the platform's own may know more than this interface shows.</summary>
    public static LoopbackBypass? Around(IWebProxy? proxy) =>
        proxy is null || Array.TrueForAll(_loopback, proxy.IsBypassed) ? null : new LoopbackBypass(proxy);

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => Loopback.Is(host) || proxy.IsBypassed(host);
}
