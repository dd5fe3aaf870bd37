namespace TokenAuth.Tests.Providers.SubscriptionKey;

public sealed class SubscriptionKeyProviderContract : TokenProviderContract
{
    protected override IReadOnlyCollection<string> Secrets => ["the-first-key", "the-second-key"];

    protected override ITokenProvider Open() => new SubscriptionKeyProvider("the-first-key", "the-second-key");
}
