namespace TokenAuth;

/// <summary>
/// One vendor's dialect: a single exchange with a token endpoint. It keeps no state. TokenAuth does the caching, the one renewal for all
/// callers, the early renewal, the back-off and the storage.
/// </summary>
public interface ITokenSource
{
    /// <summary>Obtains a grant, renewing <paramref name="previous"/> where the vendor can.</summary>
    /// <exception cref="TokenAcquisitionException">
    /// The endpoint refused, failed or sent nonsense; <see cref="TokenAcquisitionException.IsTransient"/> says whether the same call may
    /// succeed later.
    /// </exception>
    Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken);
}
