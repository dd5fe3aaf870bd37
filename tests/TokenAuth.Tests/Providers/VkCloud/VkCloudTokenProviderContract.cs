namespace TokenAuth.Tests.Providers.VkCloud;

public sealed class VkCloudTokenProviderContract : EndpointContract
{
    private ITokenProvider? _provider;

    protected override IReadOnlyCollection<string> Secrets => ["the-client-secret", "refresh-1"];

    protected override ITokenProvider Open() =>
        _provider ??= new VkCloudTokenProvider(
            new VkCloudOptions { ClientId = "the-client", ClientSecret = "the-client-secret" },
            Client,
            Time
        );

    protected override HttpResponseMessage Grant(int n) =>
        Json($$"""{"access_token":"access-{{n}}","refresh_token":"refresh-{{n}}","expired_in":"3600"}""");

    protected override void Dispose(bool disposing)
    {
        (_provider as IDisposable)?.Dispose();
        base.Dispose(disposing);
    }
}
