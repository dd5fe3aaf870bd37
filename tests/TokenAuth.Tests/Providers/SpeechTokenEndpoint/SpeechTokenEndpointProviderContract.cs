namespace TokenAuth.Tests.Providers.SpeechTokenEndpoint;

public sealed class SpeechTokenEndpointProviderContract : EndpointContract
{
    private ITokenProvider? _provider;

    protected override IReadOnlyCollection<string> Secrets => [];

    protected override ITokenProvider Open() =>
        _provider ??= new SpeechTokenEndpointProvider(
            new SpeechTokenEndpointClientOptions { Address = new Uri("https://app.example.com/speech-token") },
            ProviderServices.Of(Client, Time, store: null, loggerFactory: null)
        );

    protected override HttpResponseMessage Grant(int n) =>
        Json($$"""{"token":"{{Jwt(n)}}","region":"westeurope","expiresIn":600}""");

    protected override void Dispose(bool disposing)
    {
        (_provider as IDisposable)?.Dispose();
        base.Dispose(disposing);
    }
}
