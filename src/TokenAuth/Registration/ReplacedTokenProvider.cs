namespace TokenAuth;

/// <summary>
/// A fake in the place of a provider: what it does not bring itself, the hosts and rules above all, is what the replaced one has.
/// The fake stays its maker's to dispose.
/// </summary>
internal sealed class ReplacedTokenProvider(ITokenProvider fake, Func<CredentialPlace, ITokenAudience?> replaced)
    : DelegatingTokenProvider(fake),
        ISubscriptionKeySource
{
    private readonly ITokenAudience? _audience = Choose(fake, replaced(CredentialPlace.BearerHeader));
    private readonly ITokenProvider _key = fake is ISubscriptionKeySource source
        ? source.SubscriptionKey
        : new ReplacedKey(fake, Choose(fake, replaced(CredentialPlace.KeyHeader)));
    private readonly IAzureSpeechResource? _resource =
        fake as IAzureSpeechResource ?? replaced(CredentialPlace.BearerHeader) as IAzureSpeechResource;

    public override IReadOnlyCollection<string> AllowedHosts => _audience?.AllowedHosts ?? [];

    public override string? Region => _resource?.Region;

    public override Uri? Endpoint => _resource?.Endpoint;

    public override bool GrantsServiceTokens => _resource?.GrantsServiceTokens is true;

    ITokenProvider ISubscriptionKeySource.SubscriptionKey => _key;

    public override ValueTask<bool> IsRejectedAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    ) => _audience?.IsRejectedAsync(response, cancellationToken) ?? base.IsRejectedAsync(response, cancellationToken);

    protected override void Dispose(bool disposing) { }

    protected override ValueTask DisposeAsyncCore() => default;

    // A fixed token is a fake too, and names no host of its own.
    private static ITokenAudience? Choose(ITokenProvider fake, ITokenAudience? replaced) =>
        fake is ITokenAudience { AllowedHosts.Count: > 0 } own ? own : replaced;

    private sealed class ReplacedKey(ITokenProvider fake, ITokenAudience? audience) : DelegatingTokenProvider(fake)
    {
        public override IReadOnlyCollection<string> AllowedHosts => audience?.AllowedHosts ?? base.AllowedHosts;

        public override ValueTask<bool> IsRejectedAsync(
            HttpResponseMessage response,
            CancellationToken cancellationToken
        ) =>
            audience?.IsRejectedAsync(response, cancellationToken) ?? base.IsRejectedAsync(response, cancellationToken);

        protected override void Dispose(bool disposing) { }

        protected override ValueTask DisposeAsyncCore() => default;
    }
}
