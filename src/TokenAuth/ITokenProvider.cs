namespace TokenAuth;

/// <summary>Hands out the credential that is good now. Implementations are safe for concurrent use.</summary>
public interface ITokenProvider
{
    /// <summary>Returns a token that the service accepts now, obtaining or renewing it first where that is needed.</summary>
    /// <exception cref="TokenAcquisitionException">No usable token can be had.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; others who wait are not affected.</exception>
    ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that a service refused <paramref name="rejected"/>. Acts only while that token is the current one, so that
    /// fifty refusals of one token cause one renewal and a newer token stays.
    /// </summary>
    void Invalidate(AccessToken rejected);
}
