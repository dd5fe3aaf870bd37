using TokenAuth.Tests.Providers;

namespace TokenAuth.Tests.Azure;

public sealed class AzureSpeechEntraTokenProviderContract : EndpointContract
{
    private ITokenProvider? _provider;

    protected override IReadOnlyCollection<string> Secrets => ["e.n.tra"];

    protected override ITokenProvider Open() =>
        _provider ??= new AzureSpeechEntraTokenProvider(
            new AzureSpeechEntraOptions
            {
                Endpoint = new Uri("https://contoso.cognitiveservices.azure.com/"),
                Form = EntraTokenForm.Exchanged,
            },
            new ScriptedCredential(Time, "e.n.tra"),
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
