using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>The parts of one provider, each made when it is first needed: an idle tenant needs none of them.</summary>
internal sealed partial class AzureSpeechParts(AzureSpeechOptions options, ProviderServices services) : ITokenSource
{
    // Of two that race to make a part, one wins: the keys and the refusals remember something.
    private AzureSpeechResource? _resource;
    private SubscriptionKeyProvider? _keys;
    private AzureSpeechForeignRefusals? _foreignRefusals;
    private AzureSpeechTokenSource? _source;

    public AzureSpeechResource Resource =>
        _resource ?? LazyInitializer.EnsureInitialized(ref _resource, () => new AzureSpeechResource(options))!;

    public SubscriptionKeyProvider Keys => _keys ?? LazyInitializer.EnsureInitialized(ref _keys, NewKeys)!;

    public AzureSpeechForeignRefusals ForeignRefusals =>
        _foreignRefusals ?? LazyInitializer.EnsureInitialized(ref _foreignRefusals, NewForeignRefusals)!;

    public ILogger Logger => services.Loggers.CreateLogger(typeof(AzureSpeechTokenProvider).FullName!);

    private AzureSpeechTokenSource Source => _source ?? LazyInitializer.EnsureInitialized(ref _source, NewSource)!;

    public Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken) =>
        Source.AcquireAsync(previous, cancellationToken);

    /// <summary>Tells a tenant's key and resource from those that it had before.</summary>
    public string? DigestOfKey() => SecretDigest.Of($"{Resource.TokenAddress.AbsoluteUri} {options.SubscriptionKey}");

    public AzureSpeechProbe NewProbe() =>
        new(
            options,
            Resource,
            NewEndpoint(),
            new AzureSpeechVoices(options, Resource, services.Exchange),
            services.Time
        );

    private SubscriptionKeyProvider NewKeys() =>
        new(options.SubscriptionKey, options.SecondaryKey) { AllowedHosts = Resource.KeyHosts };

    private AzureSpeechForeignRefusals NewForeignRefusals() =>
        new(
            Resource.TokenAddress,
            host =>
                TelemetryGuard.Emit(() =>
                    LogForeignHost(Logger, options.ProviderName, host, Resource.TokenAddress.Host)
                )
        );

    private AzureSpeechTokenSource NewSource() =>
        new(options, Resource.TokenAddress, NewEndpoint(), Keys, services.Time, Logger);

    private AzureSpeechTokenEndpoint NewEndpoint() => new(options, Resource.TokenAddress, services.Exchange);

    [LoggerMessage(
        18,
        LogLevel.Warning,
        "{Host} refuses the tokens of provider '{Provider}', also one that {Issuer} issued a moment ago: a token works only at the hosts of the kind that issued "
            + "it, a region's or a custom domain's. Send the requests to the other kind, or let Endpoint or TokenEndpoint name the one that is used. No token is "
            + "renewed for that host until it accepts one."
    )]
    private static partial void LogForeignHost(ILogger logger, string provider, string host, string issuer);
}
