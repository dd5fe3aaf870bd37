namespace TokenAuth;

/// <summary>
/// A provider's rule that is told where in the request the credential was, and that clears most responses without reading their body.
/// A tenant and a provider that reloads its options forward it. A <see cref="DelegatingTokenProvider"/> does not: an application may override its public rule.
/// </summary>
internal interface IPlacedRejections
{
    /// <summary>False when the response refuses nothing; when true, <see cref="IsRejectedAsync"/> decides.</summary>
    bool MayBeRejected(HttpResponseMessage response, CredentialPlace place);

    /// <inheritdoc cref="ITokenAudience.IsRejectedAsync"/>
    ValueTask<bool> IsRejectedAsync(
        HttpResponseMessage response,
        CredentialPlace place,
        CancellationToken cancellationToken
    );
}
