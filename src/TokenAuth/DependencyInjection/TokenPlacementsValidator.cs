using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stops the start when a client is to carry the credential of an unknown provider, or of two in one place.</summary>
internal sealed class TokenPlacementsValidator(
    TokenProviderRegistry providers,
    IEnumerable<TokenPlacement> placements,
    IEnumerable<ProviderSection> sections,
    IEnumerable<IProviderKind> kinds
) : IValidateOptions<TokenAuthStartup>
{
    public ValidateOptionsResult Validate(string? name, TokenAuthStartup options) =>
        SettingError.Result(
            placements
                .GroupBy(placement => (placement.ClientName, placement.Method))
                .SelectMany(ofOnePlace => Errors([.. ofOnePlace]))
        );

    private IEnumerable<string> Errors(TokenPlacement[] ofOnePlace)
    {
        var first = ofOnePlace[0];
        var byProvider = ofOnePlace
            .GroupBy(placement => placement.ProviderName, StringComparer.OrdinalIgnoreCase)
            .Select(same => same.First())
            .ToList();
        if (byProvider.Count > 1)
            yield return $"HttpClient '{first.ClientName}' has {string.Join(" and ", byProvider.Select(placement => placement.Call))}; "
                + "a request carries one of them. Keep one, or use a client for each.";

        foreach (var placement in byProvider.Where(placement => IsUnknown(placement.ProviderName)))
            yield return $"{placement.Owner}: {providers.Unknown(placement.ProviderName)}";

        foreach (var placement in byProvider)
            if (providers.PlaceErrorOf(placement.ProviderName, placement.Place) is { } error)
                yield return $"{placement.Owner}: {error}";

        if (TokenPlacement.Options(ofOnePlace).Tenant is not null)
            foreach (var placement in byProvider.Where(placement => providers.Has(placement.ProviderName)))
                if (providers.GrantServiceTokensToTenants(placement.ProviderName) is null)
                    yield return $"{placement.Owner}: Tenant is set, but token provider '{placement.ProviderName}' has no tenants; leave it out.";

        foreach (var error in TokenHandlerOptionsValidator.Errors(TokenPlacement.Options(ofOnePlace)))
            yield return $"{first.Owner}: {error}";
    }

    // A section that could not be read at all has told why.
    private bool IsUnknown(string name) =>
        !providers.Has(name) && sections.All(section => section.Error(kinds) is null);
}
