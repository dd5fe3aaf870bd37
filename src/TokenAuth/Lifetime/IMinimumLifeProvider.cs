namespace TokenAuth;

/// <summary>
/// A provider that can be asked for a token with life left. A provider around another one implements it too, or the minimum is lost there.
/// </summary>
internal interface IMinimumLifeProvider
{
    /// <inheritdoc cref="TokenProviderExtensions.GetTokenAsync"/>
    ValueTask<AccessToken> GetTokenAsync(TimeSpan minimumRemaining, CancellationToken cancellationToken);
}
