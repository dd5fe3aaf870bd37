using System.Net;

namespace TokenAuth;

/// <summary>How VK Cloud's services say that they refuse a token; see the pages of Voice and Vision.</summary>
internal static class VkCloudRejection
{
    // 403 means that the token lacks the scope: another token of the same client would lack it too.
    public static ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new(true),
            HttpStatusCode.BadRequest => RejectionBody.MatchesAsync<VkVoiceErrorCode>(response, cancellationToken),
            HttpStatusCode.OK => RejectionBody.MatchesAsync<VkVisionEnvelope>(response, cancellationToken),
            _ => default,
        };
}
