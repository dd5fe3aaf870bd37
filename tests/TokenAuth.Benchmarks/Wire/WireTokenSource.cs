using System.Net.Http.Json;

namespace TokenAuth.Benchmarks;

/// <summary>A vendor's dialect as an application would write it.</summary>
internal sealed class WireTokenSource(HttpMessageHandler endpoint) : ITokenSource
{
    private readonly HttpClient _client = new(endpoint, disposeHandler: false);

    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsync(FakeTokenEndpoint.Address, content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
        var reply = await response.Content.ReadFromJsonAsync<FakeTokenReply>(cancellationToken);

        return new(new AccessToken(reply!.AccessToken, DateTimeOffset.UtcNow.AddSeconds(reply.ExpiresIn)));
    }
}
