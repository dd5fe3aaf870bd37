using Microsoft.Kiota.Abstractions;

namespace TokenAuth.ClientTests.Kiota;

/// <summary>What Kiota generates for <c>POST /echo</c>.</summary>
internal sealed class EchoRequestBuilder(IRequestAdapter requestAdapter)
    : BaseRequestBuilder(requestAdapter, "{+baseurl}/echo", new Dictionary<string, object>())
{
    public Task<string?> PostAsync(string body, CancellationToken cancellationToken)
    {
        var request = new RequestInformation(Method.POST, UrlTemplate, PathParameters);
        request.SetContentFromScalar(RequestAdapter, "application/json", body);
        return RequestAdapter.SendPrimitiveAsync<string>(request, cancellationToken: cancellationToken);
    }
}
