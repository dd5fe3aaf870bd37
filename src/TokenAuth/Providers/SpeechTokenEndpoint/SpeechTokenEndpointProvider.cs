using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>Azure Speech's tokens from an application's own endpoint, which has the key.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class SpeechTokenEndpointProvider
    : ITokenProvider,
        ITokenAudience,
        ILateAudience,
        IAzureSpeechResource,
        IUserTokenProvider,
        ICredentialPlaces,
        IRenewingProvider,
        IMinimumLifeProvider,
        IProbedProvider,
        IDisposable,
        IAsyncDisposable
{
    private readonly CachedTokenProvider _cached;
    private readonly NamedSpeechResource _resource;

    /// <param name="services">Without a store: a token lives for minutes, and no other user of the machine may find it.</param>
    public SpeechTokenEndpointProvider(SpeechTokenEndpointClientOptions options, ProviderServices services)
    {
        var logger = services.Loggers.CreateLogger<SpeechTokenEndpointProvider>();
        PlainHttp.Warn(logger, options.ProviderName, options.Address);

        _resource = new NamedSpeechResource(options.Region);
        _cached = services.Cache(
            new SpeechTokenEndpointSource(options, services.Exchange, _resource),
            new CachedTokenOptions { ProviderName = options.ProviderName }
        );
    }

    /// <summary>The region's data hosts and the custom domain; before the first response, those of the settings' region.</summary>
    public IReadOnlyCollection<string> AllowedHosts => _resource.Hosts;

    bool ILateAudience.HostsComeWithTokens => true;

    public string? Region => _resource.Region;

    public Uri? Endpoint => _resource.Endpoint;

    public bool GrantsServiceTokens => true;

    CachedTokenProvider IRenewingProvider.Engine => _cached;

    string? ICredentialPlaces.ErrorOf(CredentialPlace place) => SpeechTokenEndpointPlaces.ErrorOf(place);

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        _cached.GetTokenAsync(cancellationToken);

    public ValueTask<AccessToken> GetTokenAsync(TimeSpan minimumRemaining, CancellationToken cancellationToken) =>
        _cached.GetTokenAsync(minimumRemaining, cancellationToken);

    public Task<TokenProbeReport> ProbeAsync(TokenProbeOptions options, CancellationToken cancellationToken) =>
        new EngineProbe(_cached).RunAsync(isSparing: false, _ => [], cancellationToken);

    public void Invalidate(AccessToken rejected) => _cached.Invalidate(rejected);

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(StandardRejection.IsOfVendor(response));

    public void Dispose() => _cached.Dispose();

    public ValueTask DisposeAsync() => _cached.DisposeAsync();

    /// <summary>Names the provider, and nothing else.</summary>
    public override string ToString() => $"SpeechTokenEndpointProvider '{_cached.ProviderName}'";
}
