using System.Diagnostics.CodeAnalysis;

namespace TokenAuth;

/// <summary>The hosts that may receive a handler's credential, and its behaviour when a service refuses it.</summary>
/// <remarks>The handler reads them once, when it is made.</remarks>
public class TokenHandlerOptions
{
    /// <summary>Hosts that may receive the credential, in addition to those the provider knows of.</summary>
    /// <value>
    /// <c>host</c> and <c>.suffix</c> (every host below it) mean port 443, <c>host:port</c> that port; always https. Loopback needs
    /// no entry, for any port, over https or http. Empty unless set: only the provider's own hosts.
    /// </value>
    [SuppressMessage("Usage", "CA2227", Justification = "an options type: one may assign a whole list")]
    public ICollection<string> AllowedHosts { get; set; } = [];

    /// <summary>Hosts that may receive the credential over http as well: an emulator in a compose file, never a service on a network.</summary>
    /// <value>
    /// <c>emulator:8080</c>, or <c>api.example.com</c> for port 80; no suffixes. It needs no second entry in <see cref="AllowedHosts"/>.
    /// Each start warns of it. Empty unless set: only loopback.
    /// </value>
    [SuppressMessage("Usage", "CA2227", Justification = "an options type: one may assign a whole list")]
    public ICollection<string> AllowHttp { get; set; } = [];

    /// <summary>
    /// Makes the handler replace a credential that a request brings along, in whatever place it is. In a proxy that credential is the
    /// caller's, and is not meant for the service.
    /// </summary>
    /// <value>False unless set: the handler leaves such a request alone, and a credential in another place is an error.</value>
    public bool ReplaceExisting { get; set; }

    /// <summary>Makes the handler send a request once more, with a newer credential, after a service refused the first one.</summary>
    /// <value>True unless set. With false, a refusal still makes the provider renew its token.</value>
    public bool ReplayOnRejection { get; set; } = true;

    /// <summary>
    /// Says whether a response refuses the credential, in place of the provider's own rule (HTTP 401 for a provider that has none).
    /// A body that it reads must stay readable.
    /// </summary>
    /// <value>Null unless set.</value>
    public Func<HttpResponseMessage, CancellationToken, ValueTask<bool>>? IsRejected { get; set; }

    /// <summary>Says which tenant's credential a request carries, where the provider has tenants.</summary>
    /// <value>
    /// Null unless set: each request names it with <see cref="TokenTenantRequestExtensions.SetTokenTenant"/>, which wins over this. If the
    /// function returns null or an empty text, the request gets an <see cref="UnknownTenantException"/>, unless it brings a credential of
    /// its own.
    /// </value>
    public Func<HttpRequestMessage, string?>? Tenant { get; set; }

    /// <summary>The value that <see cref="OAuthTokenQueryHandler"/> sends as <c>oauth_provider</c>.</summary>
    /// <value>Not empty; <c>mcs</c> unless set, as VK Cloud Vision wants it.</value>
    public string OAuthProvider { get; set; } = "mcs";
}
