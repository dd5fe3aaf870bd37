using System.Diagnostics;
using System.Net.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TokenAuth;

/// <summary>
/// Puts a provider's credential on each request, guards where it goes, and heals a refusal once. The request carries the credential
/// only while an inner handler has the request.
/// </summary>
/// <remarks>
/// <para>
/// The handler turns automatic redirects off on the <c>SocketsHttpHandler</c> or <see cref="HttpClientHandler"/> at the end of the chain.
/// It cannot see the redirects of any other primary handler, and warns of that. It sends a refused request a second time only if the response
/// came from the request's own URI.
/// </para>
/// <para>
/// The handler records a body that may yield other bytes the next time while it sends it, up to 64 KiB. It does not send a longer one again.
/// </para>
/// <para>
/// On .NET before 8, which gets the netstandard2.0 assembly, the handler cannot override synchronous <c>HttpClient.Send</c>: the request leaves
/// without a credential. Send asynchronously there.
/// </para>
/// <para>
/// Sending throws an <see cref="InvalidOperationException"/> when the host, or the one in the request's <c>Host</c> header, may not receive
/// the credential, when the request has one in another place, when the request names a tenant and the credential is not that tenant's, when a
/// request for loopback would leave through a proxy, and when it is too late to turn redirects off. It throws a <see cref="TokenAcquisitionException"/> when there is no credential, and an
/// <see cref="UnknownTenantException"/> when the provider has tenants and the request's is not known.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract partial class TokenHandler : DelegatingHandler
{
    private readonly HandlerCredential? _credential; // null where the provider has tenants
    private readonly HandlerTenants? _tenants;
    private readonly RedirectGuard _redirects;
    private readonly string[] _allowedHosts;
    private readonly string[] _http;

    private HostList? _lastHosts; // benign race: most credentials of one handler have the same hosts

    /// <param name="credentials">Finds what hands out a provider's credentials; the provider itself when null.</param>
    private protected TokenHandler(
        ITokenProvider provider,
        TokenHandlerOptions? options,
        ILoggerFactory? loggerFactory,
        Func<TokenHandlerOptions, CredentialPlacement> placement,
        Func<ITokenProvider, ITokenProvider>? credentials = null
    )
    {
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));

        options ??= new();
        SettingError.ThrowIfAny(TokenHandlerOptionsValidator.Errors(options), nameof(options));

        Loopback = new LoopbackGuard(this);
        _redirects = new(this);
        _allowedHosts = [.. options.AllowedHosts];
        _http = [.. options.AllowHttp];
        Owner = GetType().Name;
        Logger =
            loggerFactory?.CreateLogger(GetType())
            ?? (provider as IRenewingProvider)?.Engine?.Logger
            ?? NullLogger.Instance;
        Placement = placement(options);
        IsRejected = options.IsRejected;
        MayReplay = options.ReplayOnRejection;
        ReplacesExisting = options.ReplaceExisting;

        Tenancy = new(this, provider);
        if (provider is TenantProviders tenants)
        {
            _tenants = new HandlerTenants(this, tenants, options.Tenant, credentials);
            _ = GuardOf(null); // its own entries are judged now
            return;
        }

        if (options.Tenant is not null)
            throw new ArgumentException(
                $"Tenant is set, but {provider} has no tenants; leave it out.",
                nameof(options)
            );

        var own = credentials?.Invoke(provider) ?? provider;
        _credential = new HandlerCredential(
            this,
            own,
            own as ITokenAudience ?? provider as ITokenAudience, // a key's hosts may be others than a token's
            PlacedTokens.Of(own)
        );
    }

    /// <summary>The handler's name in messages.</summary>
    internal string Owner { get; set; }

    /// <summary>True when the handler has nothing to say about its primary handler that was not said before.</summary>
    internal bool IsQuiet { get; set; }

    internal ILogger Logger { get; set; }

    internal CredentialPlacement Placement { get; }

    /// <summary>Null where the provider has tenants.</summary>
    internal HandlerCredential? Credential => _credential;

    internal LoopbackGuard Loopback { get; }

    internal TenancyGuard Tenancy { get; }

    internal Func<HttpResponseMessage, CancellationToken, ValueTask<bool>>? IsRejected { get; }

    internal bool MayReplay { get; }

    internal bool ReplacesExisting { get; }

    /// <summary>Says what the handler does, never with which credential.</summary>
    public override string ToString() => $"{Owner} ({Placement.Name})";

    /// <summary>The guard of a provider's credential: the options' hosts and the provider's.</summary>
    internal HostGuard GuardOf(ITokenAudience? audience)
    {
        var guard = new HostGuard(_allowedHosts, audience, _http, _lastHosts) { Refuses = Loopback.Refuses };
        _lastHosts = guard.List;

        return guard;
    }

    /// <summary>Turns redirects off where that can be done already, and warns where they cannot be seen.</summary>
    internal void SecurePrimaryHandler() => _redirects.TryTurnOff();

    /// <summary>Says, each time the application starts, where the credential goes over http.</summary>
    internal void WarnOfHttp()
    {
        if (_http.Length > 0 && !IsQuiet)
            TelemetryGuard.Emit(() => Logger.AllowsHttp(Owner, string.Join(", ", _http)));
    }
}
