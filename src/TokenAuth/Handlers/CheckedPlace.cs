namespace TokenAuth;

/// <summary>Refuses a handler that puts a credential where its vendor does not take it.</summary>
internal static class CheckedPlace
{
    /// <exception cref="ArgumentException">The vendor does not take it there.</exception>
    public static ITokenProvider Of(ITokenProvider provider, CredentialPlace place, string handler) =>
        (provider as ICredentialPlaces)?.ErrorOf(place) is { } error
            ? throw new ArgumentException($"{handler} over {provider}: {error}", nameof(provider))
            : provider;
}
