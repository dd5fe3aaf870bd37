using System.Net.Http.Headers;

namespace TokenAuth.Benchmarks;

/// <summary>The handler one writes around a library that only hands out tokens.</summary>
internal sealed class TokenTaskHandler(Func<CancellationToken, Task<string>> getToken) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await getToken(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
