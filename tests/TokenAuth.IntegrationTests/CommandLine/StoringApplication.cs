using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.CommandLine;

/// <summary>The application itself, with its store in code.</summary>
internal sealed class StoringApplication(TokenServiceEmulator emulator, ITokenStore store) : IAsyncDisposable
{
    private readonly VkCloudTokenProvider _provider = new(
        new VkCloudOptions
        {
            ClientId = VkCloudClient.Voice.ClientId,
            ClientSecret = VkCloudClient.Voice.ClientSecret,
            TokenEndpoint = emulator.VkTokenEndpoint,
        },
        store: store
    );

    public async Task FetchAsync() => await _provider.GetTokenAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
