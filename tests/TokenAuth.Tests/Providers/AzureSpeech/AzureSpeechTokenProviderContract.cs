namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechTokenProviderContract : EndpointContract
{
    private ITokenProvider? _provider;

    protected override IReadOnlyCollection<string> Secrets => ["the-first-key", "the-second-key"];

    protected override ITokenProvider Open() =>
        _provider ??= new AzureSpeechTokenProvider(
            new AzureSpeechOptions
            {
                Region = "westeurope",
                SubscriptionKey = "the-first-key",
                SecondaryKey = "the-second-key",
            },
            Client,
            Time
        );

    protected override HttpResponseMessage Grant(int n) => Text(Jwt(n));

    protected override void Dispose(bool disposing)
    {
        (_provider as IDisposable)?.Dispose();
        base.Dispose(disposing);
    }
}
