using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stops the start when a provider's name or setting is wrong.</summary>
internal sealed class TokenProvidersValidator(
    TokenProviderRegistry registry,
    IEnumerable<ProviderSection> sections,
    IEnumerable<IProviderKind> kinds
) : IValidateOptions<TokenAuthStartup>
{
    public ValidateOptionsResult Validate(string? name, TokenAuthStartup options) => SettingError.Result(Errors());

    private IEnumerable<string> Errors() =>
        sections
            .Select(section => section.Error(kinds))
            .OfType<string>()
            .Concat(
                registry
                    .All.GroupBy(registration => registration.Name, StringComparer.OrdinalIgnoreCase)
                    .SelectMany(same => same.Skip(1).Any() ? [Twice(same)] : registry.Errors(same.First()))
            )
            .Concat(
                registry.UnknownReplacements.Select(name =>
                    $"ReplaceProvider(\"{SecretText.ShownName(name)}\"): {registry.Unknown(name)}"
                )
            );

    private static string Twice(IGrouping<string, TokenProviderRegistration> same)
    {
        var error =
            $"Two token providers are named '{SecretText.ShownName(same.Key)}' (names ignore case); give each a name of its own.";
        var path = same.Select(registration => registration.Section).FirstOrDefault(section => section is not null);

        return path is null
            ? error
            : $"{error} One is configured at {path}; to set more of its options in code, call services.Configure for them "
                + "under that name instead of adding it again.";
    }
}
