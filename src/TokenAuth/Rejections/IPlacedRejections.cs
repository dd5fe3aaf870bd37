namespace TokenAuth;

/// <summary>
/// A provider whose rule needs to know where in the request the credential was, and can tell most responses apart without reading them.
/// Wrappers forward it.
/// </summary>
internal interface IPlacedRejections
{
    /// <summary>False: the response refuses nothing. True: <see cref="IsRejectedAsync"/> tells.</summary>
    bool MayBeRejected(HttpResponseMessage response, CredentialPlace place);

    /// <inheritdoc cref="ITokenAudience.IsRejectedAsync"/>
    ValueTask<bool> IsRejectedAsync(
        HttpResponseMessage response,
        CredentialPlace place,
        CancellationToken cancellationToken
    );
}
