namespace TokenAuth;

/// <summary>
/// A source that answers from a cache of its own, as a <c>TokenCredential</c> does. It may bring the token again that it brought before: that is no
/// failure, unless a service has just refused it. Then it is asked once past its cache; a token that comes back also from there is served
/// again after a pause, since a role that was just granted takes minutes to apply.
/// </summary>
internal interface ICachingTokenSource : ITokenSource
{
    /// <summary>Asks for another token than <paramref name="refused"/>, which a service has refused.</summary>
    Task<TokenGrant> AcquirePastCacheAsync(TokenGrant? refused, CancellationToken cancellationToken);
}
