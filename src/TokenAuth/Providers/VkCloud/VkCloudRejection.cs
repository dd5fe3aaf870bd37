using System.Net;

namespace TokenAuth;

/// <summary>How VK Cloud's services say that they refuse a token; see the pages of Voice and Vision.</summary>
internal static class VkCloudRejection
{
    private const string TokenParameter = "oauth_token";

    // 403 means that the token lacks the scope: another token of the same client would lack it too.
    public static ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        IsRejectedAsync(response, refusals: null, cancellationToken);

    /// <param name="refusals">Remembers a refusal; null where nobody asks for it.</param>
    public static ValueTask<bool> IsRejectedAsync(
        HttpResponseMessage response,
        VkCloudRefusals? refusals,
        CancellationToken cancellationToken
    )
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.BadRequest:
                return RejectionBody.MatchesAsync(
                    response,
                    new VkVoiceErrorCode { Refusals = refusals },
                    cancellationToken
                );
            case HttpStatusCode.OK when IsVisions(response):
                return RejectionBody.MatchesAsync(
                    response,
                    new VkVisionEnvelope { Refusals = refusals },
                    cancellationToken
                );
            case HttpStatusCode.Forbidden:
                refusals?.Note(VkCloudHelp.Forbidden);
                break;
            case HttpStatusCode.Unauthorized when StandardRejection.IsOfVendor(response):
                refusals?.Note(VkCloudHelp.Unauthorized);
                break;
        }

        return new ValueTask<bool>(StandardRejection.IsOfVendor(response));
    }

    // Only Vision takes its token in the query, and only Vision wraps a refusal into HTTP 200: no other head waits for its body.
    private static bool IsVisions(HttpResponseMessage response) =>
        RejectionBody.MayTell(response) // tells at once that speech or a picture comes back
        && response.RequestMessage?.RequestUri is { } uri
        && RequestQuery.Has(uri, TokenParameter);
}
