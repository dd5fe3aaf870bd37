using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Google.Apis.Util;

namespace TokenAuth.Benchmarks;

/// <summary>Google.Apis.Auth over a fake metadata server.</summary>
internal static class GooglePeer
{
    public static Func<CancellationToken, Task<string>> Create(HttpMessageHandler endpoint, TimeProvider time)
    {
        var credential = new ComputeCredential(
            new ComputeCredential.Initializer(FakeTokenEndpoint.Address.OriginalString)
            {
                HttpClientFactory = new Factory(endpoint),
                Clock = new Clock(time),
            }
        );

        return cancellationToken => credential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
    }

    private sealed class Factory(HttpMessageHandler endpoint) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => endpoint;
    }

    private sealed class Clock(TimeProvider time) : IClock
    {
        public DateTime Now => time.GetLocalNow().DateTime;

        public DateTime UtcNow => time.GetUtcNow().UtcDateTime;
    }
}
