using System.Net;

namespace TokenAuth.AotSmoke;

/// <summary>Both vendors' token endpoints, and services that answer with the credential they were sent.</summary>
internal sealed class Endpoints : HttpMessageHandler
{
    public const string Jwt = "aGVhZA.e30.c2ln";

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var body = request.RequestUri!.AbsolutePath switch
        {
            "/auth/oauth/v1/token" =>
                """{"access_token":"a-1","refresh_token":"r-1","expired_in":"3600","scope":{"tts":1}}""",
            "/sts/v1.0/issueToken" => Jwt,
            _ when request.Headers.TryGetValues("Ocp-Apim-Subscription-Key", out var keys) => keys.Single(),
            _ when request.Headers.TryGetValues("Authorization", out var values) => values.Single(),
            _ => request.RequestUri.Query,
        };

        return Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StringContent(body) }
        );
    }
}
