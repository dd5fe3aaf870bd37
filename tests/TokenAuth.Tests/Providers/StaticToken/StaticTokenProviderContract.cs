namespace TokenAuth.Tests.Providers.StaticToken;

public sealed class StaticTokenProviderContract : TokenProviderContract
{
    protected override IReadOnlyCollection<string> Secrets => ["the-service-token"];

    protected override ITokenProvider Open() => new StaticTokenProvider("the-service-token");
}
