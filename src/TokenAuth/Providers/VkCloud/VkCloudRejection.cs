using System.Net;

namespace TokenAuth;

/// <summary>Recognises the refusals of a token by VK Cloud's services; see the pages of Voice and Vision.</summary>
internal static class VkCloudRejection
{
    private const string TokenParameter = "oauth_token";

    // 403 means that the token lacks the scope: another token of the same client would lack it too.
    public static ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        IsRejectedAsync(response, place: null, refusals: null, cancellationToken);

    /// <param name="place">Where the credential was; null: the response's request says it.</param>
    /// <param name="refusals">Remembers a refusal; null where nobody asks for it.</param>
    public static ValueTask<bool> IsRejectedAsync(
        HttpResponseMessage response,
        CredentialPlace? place,
        VkCloudRefusals? refusals,
        CancellationToken cancellationToken
    )
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.BadRequest:
                return RejectionBody.MatchesAsync(
                    response,
                    new VkVoiceErrorCode { Refusals = refusals, Host = VkCloudRefusals.HostOf(response) },
                    cancellationToken
                );
            case HttpStatusCode.OK when IsVisions(response, place):
                return RejectionBody.MatchesAsync(
                    response,
                    new VkVisionEnvelope { Refusals = refusals, Host = VkCloudRefusals.HostOf(response) },
                    cancellationToken
                );
            case HttpStatusCode.Forbidden:
                refusals?.Note(VkCloudHelp.Forbidden, VkCloudRefusals.HostOf(response));
                break;
            case HttpStatusCode.Unauthorized when StandardRejection.IsOfVendor(response):
                refusals?.Note(VkCloudHelp.Unauthorized, VkCloudRefusals.HostOf(response));
                break;
        }

        var isRejected = StandardRejection.IsOfVendor(response);
        if (!isRejected)
            refusals?.NoteAccepted(response);

        return new ValueTask<bool>(isRejected);
    }

    /// <summary>False: the response is no refusal, and nothing is to be noted of it.</summary>
    public static bool MayBe(HttpResponseMessage response, CredentialPlace place) =>
        response.StatusCode switch
        {
            HttpStatusCode.OK => IsVisions(response, place) || StandardRejection.Is(response),
            HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => true,
            _ => false,
        };

    // Only Vision takes its token in the query, and only Vision wraps a refusal into HTTP 200: no other head waits for its body.
    private static bool IsVisions(HttpResponseMessage response, CredentialPlace? place) =>
        place is CredentialPlace.Query or null
        && RejectionBody.MayTell(response) // tells at once that speech or a picture comes back
        && (
            place is not null
            || (response.RequestMessage?.RequestUri is { } uri && RequestQuery.Has(uri, TokenParameter))
        );
}
