namespace TokenAuth;

/// <summary>
/// The services a provider's tokens are for. Providers implement it beside <see cref="ITokenProvider"/>; a wrapper
/// around a provider forwards it.
/// </summary>
public interface ITokenAudience
{
    /// <summary>
    /// The hosts that may receive the token: <c>host</c> or <c>.suffix</c> (port 443), or <c>host:port</c>.
    /// Loopback needs no entry.
    /// </summary>
    /// <remarks>
    /// Read for each request, so keep one collection. Return another one when the hosts change: an array, or a read-only view of a list, is
    /// not looked at again.
    /// </remarks>
    IReadOnlyCollection<string> AllowedHosts { get; }

    /// <summary>
    /// True when the response says that the service refuses the token, so that another one may help. May look at the start of
    /// the body and leaves it readable from its beginning.
    /// </summary>
    /// <remarks>
    /// A handler asks it for each response to a request that it gave the credential, unless <see cref="TokenHandlerOptions.IsRejected"/> is set. After it has sent a refused request again, the handler asks only for a success, so that a rule that remembers
    /// refusals may forget this one, and ignores the result.
    /// </remarks>
    ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken);
}
