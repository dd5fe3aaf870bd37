using System.Net;

namespace TokenAuth;

/// <summary>Says whether a response refuses the credential: by the options, else by the provider, else HTTP 401.</summary>
internal sealed class RejectionCheck(
    Func<HttpResponseMessage, CancellationToken, ValueTask<bool>>? own,
    ITokenAudience? audience
)
{
    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (own is not null)
            return own(response, cancellationToken);
        if (audience is not null)
            return audience.IsRejectedAsync(response, cancellationToken);

        return new(response.StatusCode == HttpStatusCode.Unauthorized);
    }
}
