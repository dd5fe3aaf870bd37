using Microsoft.AspNetCore.Http;

namespace TokenAuth;

/// <summary>The options of an endpoint that <c>MapSpeechToken</c> maps: which tokens it hands out, and to which callers.</summary>
public class SpeechTokenEndpointOptions
{
    /// <summary>
    /// The least life that a token has left when the endpoint hands it out. The provider first renews a token with less, once for all
    /// callers. If that fails, the endpoint hands out the old token while it is good.
    /// </summary>
    /// <value>From zero to eight minutes. Five minutes unless set.</value>
    public TimeSpan MinimumRemaining { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The form in which the endpoint writes the token.</summary>
    /// <value><see cref="SpeechTokenShape.Json"/> unless set.</value>
    public SpeechTokenShape Shape { get; set; }

    /// <summary>
    /// Decides for each caller, after the endpoint's own authorization; false answers 403. An exception reaches the application's exception
    /// handler.
    /// </summary>
    /// <value>Null, the default: whoever passes the endpoint's authorization gets a token.</value>
    public Func<HttpContext, CancellationToken, ValueTask<bool>>? Authorize { get; set; }

    /// <summary>Chooses the tenant whose token the caller gets, where the provider's name is one of tenants.</summary>
    /// <value>
    /// Null, the default, for a provider without tenants. A caller for whom it returns null, an empty text or an unknown tenant gets 403. Take the
    /// tenant from who the caller is, such as a claim, and never from what the request asks for. An exception is the application's own: it
    /// reaches the application's exception handler.
    /// </value>
    public Func<HttpContext, string?>? Tenant { get; set; }
}
