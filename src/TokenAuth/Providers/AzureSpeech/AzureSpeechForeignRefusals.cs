namespace TokenAuth;

/// <summary>
/// Notices that a host of the other family (a region's, a custom domain's) refuses whatever token there is. Azure documents that a token
/// works only at the family that issued it, and practice differs: the first refusal is worth a renewal, that of the newer token is not.
/// </summary>
/// <param name="tell">Gets the host, once until one of that family accepts a token.</param>
internal sealed class AzureSpeechForeignRefusals(Uri issuer, Action<string> tell)
{
    private readonly Family _own = Of(issuer);

    private Refusal? _last; // immutable, swapped by compare and exchange

    private enum Family
    {
        Other,
        Region,
        CustomDomain,
    }

    /// <summary>True when the response refuses its request's token, and a newer one may help.</summary>
    public bool IsRejected(HttpResponseMessage response)
    {
        if (!StandardRejection.IsOfVendor(response))
        {
            if (_last is not null && response.IsSuccessStatusCode && IsForeign(response.RequestMessage))
                Volatile.Write(ref _last, null);

            return false;
        }

        return response.RequestMessage is not { Headers.Authorization.Parameter: { } token } request
            || !IsForeign(request)
            || IsWorthARenewal(token, request.RequestUri!.Host);
    }

    private bool IsWorthARenewal(string token, string host)
    {
        var last = Volatile.Read(ref _last);
        if (last is null)
        {
            Interlocked.CompareExchange(ref _last, new Refusal(token, isTold: false), null);
            return true;
        }

        if (last.IsTold)
            return false;
        if (last.IsOf(token))
            return true; // many requests are refused at once: one renewal serves them all

        if (ReferenceEquals(Interlocked.CompareExchange(ref _last, new Refusal(token, isTold: true), last), last))
            tell(host);

        return false;
    }

    private bool IsForeign(HttpRequestMessage? request) =>
        _own != Family.Other
        && request?.RequestUri is { IsAbsoluteUri: true } address
        && Of(address) is var family
        && family != Family.Other
        && family != _own;

    private static Family Of(Uri address) =>
        AzureSpeechCustomDomain.Is(address) ? Family.CustomDomain
        : AzureSpeechRegion.OfAny(address) is not null ? Family.Region
        : Family.Other;

    private sealed class Refusal(string token, bool isTold)
    {
        public bool IsTold => isTold;

        public bool IsOf(string other) => string.Equals(token, other, StringComparison.Ordinal);
    }
}
