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
/// Behind any other primary handler no request is sent a second time.
/// </para>
/// <para>
/// On .NET before 8, which gets the netstandard2.0 assembly, synchronous <c>HttpClient.Send</c> cannot be overridden and leaves without a
/// credential: send asynchronously there.
/// </para>
/// <para>
/// Sending throws an <see cref="InvalidOperationException"/> when the host may not receive the credential, when the request has one
/// in another place, and when redirects cannot be turned off any more; a <see cref="TokenAcquisitionException"/> when there is no
/// credential.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class TokenHandler : DelegatingHandler
{
    private readonly ITokenProvider _credentials;
    private readonly HostGuard _hosts;
    private readonly RedirectGuard _redirects;

    private CredentialUse? _use; // benign race: any of them serves

    /// <param name="credentials">What hands out the credentials; the provider itself when null.</param>
    private protected TokenHandler(
        ITokenProvider provider,
        TokenHandlerOptions? options,
        Func<TokenHandlerOptions, CredentialPlacement> placement,
        ITokenProvider? credentials = null
    )
    {
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));

        _credentials = credentials ?? provider;
        Logger = (provider as IRenewingProvider)?.Engine?.Logger ?? NullLogger.Instance; // with plain new there is no other
        options ??= new();
        SettingFault.ThrowIfAny(TokenHandlerOptionsValidator.Faults(options), nameof(options));

        var audience = credentials as ITokenAudience ?? provider as ITokenAudience; // a key's hosts may be others than a token's
        _hosts = new(options.AllowedHosts, audience);
        _redirects = new(this);
        Placement = placement(options);
        Rejection = new(options.IsRejected, audience);
        ReplayOnRejection = options.ReplayOnRejection;
        Owner = GetType().Name;
    }

    /// <summary>Who this is in messages.</summary>
    internal string Owner { get; set; }

    /// <summary>Whether it has nothing to say about its primary handler that was not said before.</summary>
    internal bool IsQuiet { get; set; }

    internal ILogger Logger { get; set; }

    internal CredentialPlacement Placement { get; }

    internal RejectionCheck Rejection { get; }

    internal bool MayReplay => ReplayOnRejection && _redirects.AreOff;

    private bool ReplayOnRejection { get; }

    /// <summary>Says what the handler does, never with which credential.</summary>
    public override string ToString() => $"{Owner} ({Placement.Name})";

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (!WantsCredential(request))
            return base.SendAsync(request, cancellationToken);

        var obtaining = GetTokenAsync(cancellationToken);
        return obtaining.IsCompletedSuccessfully
            ? Use(obtaining.Result).SendAsync(request, cancellationToken)
            : ObtainAndSendAsync(obtaining, request, cancellationToken);
    }

#if NET
    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!WantsCredential(request))
            return base.Send(request, cancellationToken);

        var token = BlockingCall.Wait(
            static s => s.This.GetTokenAsync(s.Token),
            (This: this, Token: cancellationToken)
        );
        return Use(token).Send(request, cancellationToken);
    }

    internal HttpResponseMessage SendInner(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(request, cancellationToken);
#endif

    internal Task<HttpResponseMessage> SendInnerAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => base.SendAsync(request, cancellationToken);

    internal ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken) =>
        _credentials.GetTokenAsync(cancellationToken);

    internal void Invalidate(AccessToken rejected) => _credentials.Invalidate(rejected);

    internal bool MayReceive(Uri uri) => _hosts.Allows(uri);

    /// <summary>Turns redirects off where that can be done already, and warns where they cannot be seen.</summary>
    internal void SecurePrimaryHandler() => _redirects.TryTurnOff();

    internal CredentialUse Use(AccessToken? token)
    {
        if (token is null)
            throw new InvalidOperationException(
                $"The provider of {Owner} returned no token; nothing is sent without one."
            );

        return _use is { } use && ReferenceEquals(use.Token, token) ? use : _use = new(this, token);
    }

    /// <exception cref="InvalidOperationException">The request must not be sent.</exception>
    private bool WantsCredential(HttpRequestMessage request)
    {
        _redirects.TurnOff();
        if (request?.RequestUri is not { IsAbsoluteUri: true } uri)
            return false; // the inner handler says what is wrong with it
        if (_hosts.Knows(uri) && CredentialPlacement.HasNoHeaders(request))
            return true;

        var taken = Placement.FindTaken(request);
        if (taken is null)
            return _hosts.Allows(uri) ? true : throw new InvalidOperationException(HostRefusal.Say(Owner, uri));
        if (ReferenceEquals(taken, Placement.Name))
            return false;

        throw new InvalidOperationException(
            $"{Owner} is to place {Placement.Name}, but the request already has {taken}: two methods on one request. "
                + "Remove one of the two."
        );
    }

    private async Task<HttpResponseMessage> ObtainAndSendAsync(
        ValueTask<AccessToken> obtaining,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var token = await obtaining.ConfigureAwait(false);
        return await Use(token).SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
