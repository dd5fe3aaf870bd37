using System.Diagnostics;
using Azure.Core;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Microsoft Entra's tokens for one Azure Speech resource, in one of three forms: for organisations that have switched keys off. Any number of
/// callers cause one call of the credential.
/// </summary>
/// <remarks>
/// The provider does not store the credential's tokens: the credential has its own cache. After a refusal the provider asks the credential once
/// more, past that cache where the credential allows it. If no newer token comes, the caller gets the service's own response. The provider hands
/// the token out again after a pause of at most 30 seconds, since a role that was just granted takes up to five minutes to apply.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AzureSpeechEntraTokenProvider
    : ITokenProvider,
        ITokenAudience,
        IAzureSpeechResource,
        ICredentialPlaces,
        IRenewingProvider,
        IMinimumLifeProvider,
        IProbedProvider,
        IDisposable,
        IAsyncDisposable
{
    private static readonly TimeSpan _reuseFor = TimeSpan.FromMinutes(9);

    private readonly CachedTokenProvider _cached;
    private readonly AzureSpeechEntraProbe _probe;
    private readonly ProviderServices _services;
    private readonly EntraTokenForm _form;

    /// <summary>Makes a provider for one resource.</summary>
    /// <param name="credential">For example a <c>DefaultAzureCredential</c> of the package Azure.Identity; it stays the caller's.</param>
    /// <param name="httpClient">
    /// Calls the resource's <c>issueToken</c>, which only <see cref="EntraTokenForm.Exchanged"/> needs, and the service if a probe is to do so. The
    /// caller disposes it; it must not follow redirects. The provider makes one when null.
    /// </param>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message says which and how.</exception>
    public AzureSpeechEntraTokenProvider(
        AzureSpeechEntraOptions options,
        TokenCredential credential,
        HttpClient? httpClient = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
        : this(options, credential, ProviderServices.Of(httpClient, timeProvider, store: null, loggerFactory)) { }

    /// <summary>The same as the container does it.</summary>
    internal AzureSpeechEntraTokenProvider(
        AzureSpeechEntraOptions options,
        TokenCredential credential,
        ProviderServices services
    )
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        if (credential is null)
            throw new ArgumentNullException(nameof(credential));
        SettingError.ThrowIfAny(AzureSpeechEntraOptionsValidator.Errors(options), nameof(options));

        var own = options.Copy();
        var logger = services.Loggers.CreateLogger<AzureSpeechEntraTokenProvider>();
        var resource = new AzureSpeechEntraResource(own);
        if (resource.Endpoint is { } endpoint)
            PlainHttp.Warn(logger, own.ProviderName, endpoint);

        (_form, Region, Endpoint, AllowedHosts) = (own.Form, resource.Region, resource.Endpoint, resource.Hosts);
        var entra = new EntraCredential(credential, resource.Scope, own.ProviderName);
        _services = services;
        _cached = services.Cache(
            _form == EntraTokenForm.Exchanged
                ? new ExchangedTokenSource(
                    own,
                    resource.TokenAddress,
                    entra,
                    services.Exchange,
                    new AzureSpeechTokenReader(own.ProviderName, _reuseFor, logger)
                    {
                        GrantType = AzureSpeechEntraTokenSource.EntraGrant,
                    },
                    services.Time
                )
                : new AzureSpeechEntraTokenSource(own, entra, logger),
            new CachedTokenOptions { ProviderName = own.ProviderName }
        );
        _probe = new AzureSpeechEntraProbe(_cached, new EntraServiceCall(own, resource, services.Exchange));
    }

    /// <summary>
    /// The hosts that take the form: the custom domain, and for composite and exchanged tokens the region's <c>stt</c>, <c>tts</c>, <c>s2s</c>
    /// and <c>voice</c> hosts.
    /// </summary>
    public IReadOnlyCollection<string> AllowedHosts { get; }

    /// <inheritdoc/>
    public string? Region { get; }

    /// <inheritdoc/>
    public Uri? Endpoint { get; }

    /// <summary>True when the tokens are exchanged; composite and plain ones must not reach a browser.</summary>
    public bool GrantsServiceTokens => _form == EntraTokenForm.Exchanged;

    CachedTokenProvider IRenewingProvider.Engine => _cached;

    string? ICredentialPlaces.ErrorOf(CredentialPlace place) => AzureSpeechEntraPlaces.ErrorOf(place);

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        _cached.GetTokenAsync(cancellationToken);

    ValueTask<AccessToken> IMinimumLifeProvider.GetTokenAsync(
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    ) => _cached.GetTokenAsync(minimumRemaining, cancellationToken);

    Task<TokenProbeReport> IProbedProvider.ProbeAsync(TokenProbeOptions options, CancellationToken cancellationToken) =>
        _probe.RunAsync(options, cancellationToken);

    /// <inheritdoc/>
    public void Invalidate(AccessToken rejected) => _cached.Invalidate(rejected);

    /// <summary>True when the response says 401, or gRPC's status 16; 403 is a policy or a quota.</summary>
    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(StandardRejection.IsOfVendor(response));

    /// <inheritdoc/>
    public void Dispose()
    {
        _cached.Dispose();
        _services.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _cached.DisposeAsync().ConfigureAwait(false);
        _services.Dispose();
    }

    /// <summary>Names the provider, and nothing else.</summary>
    public override string ToString() => $"AzureSpeechEntraTokenProvider '{_cached.ProviderName}'";
}
