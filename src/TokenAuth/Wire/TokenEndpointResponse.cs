using System.Diagnostics;
using System.Net;

namespace TokenAuth;

/// <summary>A complete answer of a token endpoint, whatever it says.</summary>
internal sealed class TokenEndpointResponse
{
    public required HttpStatusCode StatusCode { get; init; }

    /// <summary>The moment before the request was sent.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The body as text; null when it is too long, or no text that can be decoded.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public required string? Text { get; init; }

    /// <summary>The reason why there is no text, as the rest of a sentence; null when there is one.</summary>
    public string? TextError { get; init; }

    /// <summary>True when the endpoint's own API seems to say this, and not a firewall's or proxy's page.</summary>
    public bool IsApiResponse { get; init; } = true;

    /// <summary>The endpoint's word for what is wrong; null in a success, and where it has none that may be shown.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The time for which the endpoint wants to be left alone, from one second to 15 minutes.</summary>
    public required TimeSpan? RetryAfter { get; init; }

    /// <summary>The time by which the local clock is ahead of the endpoint's; null when the endpoint does not say.</summary>
    public TimeSpan? ClockDifference { get; init; }

    /// <summary>The kind of grant that was exchanged, for metrics.</summary>
    public string? GrantType { get; init; }

    public bool IsSuccess => (int)StatusCode is >= 200 and <= 299;

    /// <summary>
    /// True when the same request may well succeed in a moment: 408 (RFC 9110 section 15.5.9), 421, which another connection heals (section
    /// 15.5.20), 425 (RFC 8470 section 5.2), 429 (RFC 6585 section 4) and 5xx.
    /// </summary>
    public bool IsWorthRepeating => (int)StatusCode is 408 or 421 or 425 or 429 or (>= 500 and <= 599);
}
