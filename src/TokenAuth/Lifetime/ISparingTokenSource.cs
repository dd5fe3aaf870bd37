namespace TokenAuth;

/// <summary>A source whose new grants cost something that a probe must not spend.</summary>
internal interface ISparingTokenSource : ITokenSource
{
    /// <summary>
    /// Renews with what is known, and asks for no new grant. An <see cref="ITokenSource.AcquireAsync"/> within the time of one renewal goes
    /// on from there: it does not send again what the vendor has refused.
    /// </summary>
    /// <exception cref="TokenAcquisitionException">
    /// As <see cref="ITokenSource.AcquireAsync"/>; with <see cref="TokenAcquisitionException.IsWithheld"/> where a new grant would be the next step.
    /// </exception>
    Task<TokenGrant> RenewOnlyAsync(TokenGrant? previous, CancellationToken cancellationToken);
}
