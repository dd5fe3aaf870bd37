using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// VK Cloud's tokens: <c>client_credentials</c> once, <c>refresh_token</c> from then on (RFC 6749 sections 4.4 and 6, in
/// JSON), cached until they expire.
/// </summary>
/// <remarks>
/// VK Cloud allows 25 refresh tokens a project and restores none: give the provider a store. Make one provider for the life of the
/// application, as a container does for each name. Without a store, each provider spends another refresh token. Each provider waits a minute
/// between two <c>client_credentials</c>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class VkCloudTokenProvider
    : ITokenProvider,
        ITokenAudience,
        IRenewingProvider,
        ICredentialPlaces,
        IPlacedRejections,
        IMinimumLifeProvider,
        IProbedProvider,
        IStayingProvider,
        IAdoptingProvider<VkCloudOptions>,
        IDisposable,
        IAsyncDisposable
{
    private readonly CachedTokenProvider _cached;
    private readonly ProviderServices _services;
    private readonly VkCloudOptions _options;
    private readonly VkCloudRefusals _refusals;
    private readonly ClientCredentialsPace _pace;

    /// <summary>Makes a provider for one client id.</summary>
    /// <param name="httpClient">
    /// Calls the token endpoint. The caller disposes it; it must not follow redirects. The provider makes one when null.
    /// </param>
    /// <param name="store">The store in which the grant survives a restart. With null, each start may spend another of the 25 refresh tokens.</param>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message says which and how.</exception>
    public VkCloudTokenProvider(
        VkCloudOptions options,
        HttpClient? httpClient = null,
        TimeProvider? timeProvider = null,
        ITokenStore? store = null,
        ILoggerFactory? loggerFactory = null
    )
        : this(options, ProviderServices.Of(httpClient, timeProvider, store, loggerFactory), pace: null) { }

    /// <summary>The same as the container does it, where a pace outlives a change of the options.</summary>
    internal VkCloudTokenProvider(VkCloudOptions options, ProviderServices services, ClientCredentialsPace? pace)
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        SettingError.ThrowIfAny(VkCloudOptionsValidator.Errors(options), nameof(options));

        _options = options.Copy();
        _services = services;
        var logger = services.Loggers.CreateLogger(typeof(VkCloudTokenProvider).FullName!);
        PlainHttp.Warn(logger, _options.ProviderName, _options.TokenEndpoint);

        _pace = pace ?? new ClientCredentialsPace(services.Time);
        _cached = services.Cache(
            new VkCloudTokenSource(_options, services.Exchange, _pace, services.Time, logger)
            {
                IsPersistent = services.Store is not null,
            },
            Caching(_options, isStored: services.Store is not null)
        );
        _refusals = new VkCloudRefusals(services.Time);
    }

    /// <summary><c>voice.mcs.mail.ru</c> and <c>smarty.mail.ru</c>.</summary>
    public IReadOnlyCollection<string> AllowedHosts => VkCloudAudience.Instance.AllowedHosts;

    CachedTokenProvider IRenewingProvider.Engine => _cached;

    bool IStayingProvider.MustStay => _pace.Wait is not null || _pace.HasJustKept;

    string? ICredentialPlaces.ErrorOf(CredentialPlace place) => VkCloudPlaces.ErrorOf(place);

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        _cached.GetTokenAsync(cancellationToken);

    ValueTask<AccessToken> IMinimumLifeProvider.GetTokenAsync(
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    ) => _cached.GetTokenAsync(minimumRemaining, cancellationToken);

    /// <inheritdoc/>
    public void Invalidate(AccessToken rejected) => _cached.Invalidate(rejected);

    /// <summary>
    /// True when the response is one of these: 401, unless it is a firewall's page in HTML; Voice's HTTP 400 with code 4048; gRPC's status 16; to a request
    /// with <c>oauth_token</c> in its query, Vision's envelope that begins with <c>"status":401</c> inside HTTP 200.
    /// </summary>
    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        VkCloudRejection.IsRejectedAsync(response, place: null, _refusals, cancellationToken);

    bool IPlacedRejections.MayBeRejected(HttpResponseMessage response, CredentialPlace place)
    {
        var mayBe = VkCloudRejection.MayBe(response, place);
        if (!mayBe)
            _refusals.NoteAccepted(response);

        return mayBe;
    }

    ValueTask<bool> IPlacedRejections.IsRejectedAsync(
        HttpResponseMessage response,
        CredentialPlace place,
        CancellationToken cancellationToken
    ) => VkCloudRejection.IsRejectedAsync(response, place, _refusals, cancellationToken);

    Task<TokenProbeReport> IProbedProvider.ProbeAsync(TokenProbeOptions options, CancellationToken cancellationToken) =>
        new VkCloudProbe(_options, _cached, _refusals).RunAsync(options, cancellationToken);

    bool IAdoptingProvider<VkCloudOptions>.TryAdopt(VkCloudOptions options)
    {
        if (!_options.IsClientOf(options))
            return false;

        _options.AssumedLifetime = options.AssumedLifetime; // from the next token on

        return true;
    }

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
    public override string ToString() => $"VkCloudTokenProvider '{_cached.ProviderName}'";

    // A tenant's key says nothing of its client.
    // Only for a store: hashing loads the platform's cryptography.
    private static CachedTokenOptions Caching(VkCloudOptions options, bool isStored) =>
        new()
        {
            ProviderName = options.ProviderName,
            StoreKey =
                isStored && options.Tenant is null
                    ? TokenStoreKey.For("VkCloud", options.TokenEndpoint, options.ClientId)
                    : null,
            MakeSecretDigest = isStored ? options.DigestOfSecret : null,
            Tenant = options.Tenant,
        };
}
