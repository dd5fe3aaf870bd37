using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace TokenAuth.Benchmarks;

/// <summary>What tutorials show: a cached token behind a <see cref="SemaphoreSlim"/>.</summary>
internal sealed class SemaphoreHandler(HttpMessageHandler endpoint, TimeProvider time) : DelegatingHandler
{
    private readonly HttpClient _endpoint = new(endpoint, disposeHandler: false);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _token;
    private DateTimeOffset _expiresAt;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await GetTokenAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<string> GetTokenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_token is null || time.GetUtcNow() >= _expiresAt.AddMinutes(-1))
                await RenewAsync(cancellationToken);

            return _token!;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var response = await _endpoint.PostAsync(
            FakeTokenEndpoint.Address,
            content: null,
            cancellationToken: cancellationToken
        );
        response.EnsureSuccessStatusCode();
        var reply = await response.Content.ReadFromJsonAsync<FakeTokenReply>(cancellationToken);
        _token = reply!.AccessToken;
        _expiresAt = time.GetUtcNow().AddSeconds(reply.ExpiresIn);
    }
}
