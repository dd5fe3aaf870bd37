namespace TokenAuth;

/// <summary>
/// One vendor's dialect: a single exchange with a token endpoint. It keeps no state; caching, single flight, early
/// renewal, back-off and storage are the engine's.
/// </summary>
public interface ITokenSource
{
    /// <summary>Obtains a grant, renewing <paramref name="previous"/> where the vendor can.</summary>
    /// <exception cref="TokenAcquisitionException">
    /// The endpoint refused, failed or answered nonsense; <see cref="TokenAcquisitionException.IsTransient"/> says whether
    /// trying again may help.
    /// </exception>
    Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken);
}
