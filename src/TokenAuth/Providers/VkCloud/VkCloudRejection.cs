using System.Net;

namespace TokenAuth;

/// <summary>How VK Cloud's services say that they refuse a token; see the pages of Voice and Vision.</summary>
internal static class VkCloudRejection
{
    private const string TokenParameter = "oauth_token";

    // 403 means that the token lacks the scope: another token of the same client would lack it too.
    public static ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.StatusCode switch
        {
            HttpStatusCode.BadRequest => RejectionBody.MatchesAsync<VkVoiceErrorCode>(response, cancellationToken),
            HttpStatusCode.OK when IsVisions(response) => RejectionBody.MatchesAsync<VkVisionEnvelope>(
                response,
                cancellationToken
            ),
            _ => new(StandardRejection.Is(response)),
        };

    // Only Vision takes its token in the query, and only Vision wraps a refusal into HTTP 200: no other head waits for its body.
    private static bool IsVisions(HttpResponseMessage response) =>
        RejectionBody.MayTell(response) // tells at once that speech or a picture comes back
        && response.RequestMessage?.RequestUri is { } uri
        && RequestQuery.Has(uri, TokenParameter);
}
