using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Azure Speech's tokens: exchanges the subscription key at <c>issueToken</c> for a JWT of ten minutes, and hands it out for nine. A
/// <c>SubscriptionKeyHandler</c> over this provider sends the key itself.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AzureSpeechTokenProvider
    : ITokenProvider,
        ITokenAudience,
        IAzureSpeechResource,
        ISubscriptionKeySource,
        IRenewingProvider,
        ICredentialPlaces,
        IMinimumLifeProvider,
        IProbedProvider,
        IDisposable,
        IAsyncDisposable
{
    private readonly AzureSpeechParts _parts;
    private readonly CachedTokenProvider _cached;
    private readonly ProviderServices _services;

    /// <summary>Makes a provider for one resource.</summary>
    /// <param name="httpClient">
    /// Calls the token endpoint. The caller disposes it; it must not follow redirects. The provider makes one when null.
    /// </param>
    /// <param name="store">The store in which tokens survive a restart. Null keeps them in memory only.</param>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message says which and how.</exception>
    public AzureSpeechTokenProvider(
        AzureSpeechOptions options,
        HttpClient? httpClient = null,
        TimeProvider? timeProvider = null,
        ITokenStore? store = null,
        ILoggerFactory? loggerFactory = null
    )
        : this(options, ProviderServices.Of(httpClient, timeProvider, store, loggerFactory)) { }

    /// <summary>The same as the container does it.</summary>
    internal AzureSpeechTokenProvider(AzureSpeechOptions options, ProviderServices services)
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        SettingError.ThrowIfAny(AzureSpeechOptionsValidator.Errors(options), nameof(options));

        var own = options.Copy();
        _services = services;
        _parts = new AzureSpeechParts(own, services);
        if (own.AllowHttp)
            PlainHttp.Warn(_parts.Logger, own.ProviderName, _parts.Resource.TokenAddress);

        _cached = services.Cache(_parts, Caching(own, _parts, isStored: services.Store is not null));
    }

    /// <summary>
    /// The hosts that take the tokens: the region's <c>stt</c>, <c>tts</c>, <c>s2s</c> and <c>voice</c> hosts and the custom domain; none for
    /// another token endpoint without either. The region's <c>api.cognitive</c> host takes a key, and a token only with the scope
    /// <c>speechservicesmanagement</c>.
    /// </summary>
    public IReadOnlyCollection<string> AllowedHosts => _parts.Resource.TokenHosts;

    /// <inheritdoc/>
    public string? Region => _parts.Resource.Region;

    /// <inheritdoc/>
    public Uri? Endpoint => _parts.Resource.Endpoint;

    // Tokens that also manage the resource are not for a browser.
    bool IAzureSpeechResource.GrantsServiceTokens => !_parts.Resource.GrantsManagement;

    CachedTokenProvider IRenewingProvider.Engine => _cached;

    string? ICredentialPlaces.ErrorOf(CredentialPlace place) => AzureSpeechPlaces.ErrorOf(place);

    ITokenProvider ISubscriptionKeySource.SubscriptionKey => _parts.Keys;

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        _cached.GetTokenAsync(cancellationToken);

    ValueTask<AccessToken> IMinimumLifeProvider.GetTokenAsync(
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    ) => _cached.GetTokenAsync(minimumRemaining, cancellationToken);

    Task<TokenProbeReport> IProbedProvider.ProbeAsync(TokenProbeOptions options, CancellationToken cancellationToken) =>
        _parts.NewProbe().RunAsync(options, _cached.TokenInUse, cancellationToken);

    /// <inheritdoc/>
    public void Invalidate(AccessToken rejected) => _cached.Invalidate(rejected);

    /// <summary>
    /// True when the response says 401 (not as a firewall's page in HTML), or gRPC's status 16; 403 is a missing token, a quota or a policy.
    /// If a custom domain refuses a region's tokens, or a region those of a custom domain, only the first refusal is a rejection: the log
    /// says so once, and later ones renew no token.
    /// </summary>
    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(response is not null && _parts.ForeignRefusals.IsRejected(response));

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
    public override string ToString() => $"AzureSpeechTokenProvider '{_cached.ProviderName}'";

    // A key stands for its resource, as a client id does elsewhere. Only for a store: hashing loads the platform's cryptography.
    private static CachedTokenOptions Caching(AzureSpeechOptions options, AzureSpeechParts parts, bool isStored) =>
        new()
        {
            ProviderName = options.ProviderName,
            StoreKey =
                isStored && options.Tenant is null
                    ? TokenStoreKey.For(
                        "AzureSpeech",
                        parts.Resource.TokenAddress,
                        SecretDigest.Of(options.SubscriptionKey)!
                    )
                    : null,
            MakeSecretDigest = isStored && options.Tenant is not null ? parts.DigestOfKey : null,
            Tenant = options.Tenant,
        };
}
