using System.Net;

namespace TokenAuth;

/// <summary>
/// The refusals that every service may give: HTTP 401 (RFC 9110 section 15.5.2), and gRPC's status 16, UNAUTHENTICATED, in the head of an
/// HTTP 200 without a body (gRPC over HTTP/2, "Trailers-Only").
/// </summary>
internal static class StandardRejection
{
    private const string GrpcStatus = "grpc-status";
    private const string Unauthenticated = "16";

    public static bool Is(HttpResponseMessage? response) =>
        response?.StatusCode switch
        {
            HttpStatusCode.Unauthorized => true,
            // A gRPC call has a body; for a request without one no header is looked up.
            HttpStatusCode.OK => response.RequestMessage is { Content: not null } && IsUnauthenticatedCall(response),
            _ => false,
        };

    /// <summary>
    /// The same of a vendor whose refusals are JSON, plain text or nothing: a page in HTML is a firewall's or a portal's, and a newer
    /// credential would not please it.
    /// </summary>
    public static bool IsOfVendor(HttpResponseMessage? response) =>
        Is(response) && !(response!.StatusCode == HttpStatusCode.Unauthorized && IsPage(response));

    private static bool IsPage(HttpResponseMessage response) =>
        response.Content?.Headers.ContentType?.MediaType is { } mediaType
        && (
            mediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)
            || mediaType.Equals("application/xhtml+xml", StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsUnauthenticatedCall(HttpResponseMessage response) =>
#if NET
        response.Headers.NonValidated.TryGetValues(GrpcStatus, out var values)
        && string.Equals(values.ToString(), Unauthenticated, StringComparison.Ordinal);
#else
        response.Headers.TryGetValues(GrpcStatus, out var values)
        && values.SequenceEqual([Unauthenticated], StringComparer.Ordinal);
#endif
}
