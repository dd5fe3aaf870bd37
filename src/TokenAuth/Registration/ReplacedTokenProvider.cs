namespace TokenAuth;

/// <summary>A fake in the place of a provider: what it does not bring itself is what the replaced one has.</summary>
internal sealed class ReplacedTokenProvider(ITokenProvider fake, Func<CredentialPlace, ITokenAudience?> replaced)
    : ReplacedCredential(fake, replaced(CredentialPlace.BearerHeader)),
        ISubscriptionKeySource
{
    private readonly ITokenProvider _key =
        (fake as ISubscriptionKeySource)?.SubscriptionKey
        ?? new ReplacedCredential(fake, replaced(CredentialPlace.KeyHeader));
    private readonly IAzureSpeechResource? _resource =
        fake as IAzureSpeechResource ?? replaced(CredentialPlace.BearerHeader) as IAzureSpeechResource;

    public override string? Region => _resource?.Region;

    public override Uri? Endpoint => _resource?.Endpoint;

    public override bool GrantsServiceTokens => _resource?.GrantsServiceTokens is true;

    ITokenProvider ISubscriptionKeySource.SubscriptionKey => _key;
}
