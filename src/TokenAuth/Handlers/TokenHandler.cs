using System.Diagnostics;
using System.Net.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TokenAuth;

/// <summary>
/// Puts a provider's credential on each request, guards where it goes, and heals a refusal once. The credential is on the request
/// only while an inner handler has it.
/// </summary>
/// <remarks>
/// <para>
/// Automatic redirects are turned off on the <c>SocketsHttpHandler</c> or <see cref="HttpClientHandler"/> at the end of the chain.
/// Behind any other primary handler a warning says that they cannot be seen; a refused request is sent a second time only if the answer
/// came from its own URI.
/// </para>
/// <para>
/// A body that may yield other bytes the next time is recorded while it is sent, up to 64 KiB; a longer one is not sent again.
/// </para>
/// <para>
/// On .NET before 8, which gets the netstandard2.0 assembly, synchronous <c>HttpClient.Send</c> cannot be overridden and leaves without a
/// credential: send asynchronously there.
/// </para>
/// <para>
/// Sending throws an <see cref="InvalidOperationException"/> when the host, or the one in the request's <c>Host</c> header, may not receive
/// the credential, when the request has one in another place, when a request for loopback would leave through a proxy, and when redirects
/// cannot be turned off any more; a <see cref="TokenAcquisitionException"/> when there is no
/// credential.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract partial class TokenHandler : DelegatingHandler
{
    private readonly ITokenProvider _credentials;
    private readonly PlacedTokens _placed;
    private readonly RedirectGuard _redirects;
    private readonly string[] _http;

    private CredentialUse? _use; // benign race: any of them serves

    /// <param name="credentials">What hands out the credentials; the provider itself when null.</param>
    private protected TokenHandler(
        ITokenProvider provider,
        TokenHandlerOptions? options,
        ILoggerFactory? loggerFactory,
        Func<TokenHandlerOptions, CredentialPlacement> placement,
        ITokenProvider? credentials = null
    )
    {
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));

        options ??= new();
        SettingFault.ThrowIfAny(TokenHandlerOptionsValidator.Faults(options), nameof(options));

        var audience = credentials as ITokenAudience ?? provider as ITokenAudience; // a key's hosts may be others than a token's
        var loopback = new LoopbackGuard(this);
        _credentials = credentials ?? provider;
        _placed = PlacedTokens.Of(_credentials);
        _redirects = new(this);
        _http = [.. options.AllowHttp];
        Owner = GetType().Name;
        Logger =
            loggerFactory?.CreateLogger(GetType())
            ?? (provider as IRenewingProvider)?.Engine?.Logger
            ?? NullLogger.Instance;
        Placement = placement(options);
        Rejection = new(options.IsRejected, audience);
        MayReplay = options.ReplayOnRejection;
        Check = new(
            this,
            new(options.AllowedHosts, audience, _http) { Refuses = loopback.Refuses },
            loopback,
            _placed,
            options.ReplaceExisting
        );
    }

    /// <summary>Who this is in messages.</summary>
    internal string Owner { get; set; }

    /// <summary>Whether it has nothing to say about its primary handler that was not said before.</summary>
    internal bool IsQuiet { get; set; }

    internal ILogger Logger { get; set; }

    internal CredentialPlacement Placement { get; }

    internal RejectionCheck Rejection { get; }

    internal RequestCheck Check { get; }

    internal bool MayReplay { get; }

    /// <summary>Says what the handler does, never with which credential.</summary>
    public override string ToString() => $"{Owner} ({Placement.Name})";

    internal ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken) =>
        _credentials.GetTokenAsync(cancellationToken);

    internal void Invalidate(AccessToken rejected) => _credentials.Invalidate(rejected);

    /// <summary>Turns redirects off where that can be done already, and warns where they cannot be seen.</summary>
    internal void SecurePrimaryHandler() => _redirects.TryTurnOff();

    /// <summary>Says, each time the application starts, where the credential goes over http.</summary>
    internal void WarnOfHttp()
    {
        if (_http.Length > 0 && !IsQuiet)
            Watchers.Tell(() => Logger.AllowsHttp(Owner, string.Join(", ", _http)));
    }

    internal CredentialUse Use(AccessToken? token)
    {
        if (token is null)
            throw new InvalidOperationException(
                $"The provider of {Owner} returned no token; nothing is sent without one."
            );
        if (_use is { } use && ReferenceEquals(use.Token, token))
            return use;

        _placed.Add(token);
        return _use = new(this, token);
    }
}
