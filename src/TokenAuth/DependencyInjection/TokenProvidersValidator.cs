using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stops the start when a provider's name or setting is wrong.</summary>
internal sealed class TokenProvidersValidator(
    IServiceProvider services,
    IEnumerable<TokenProviderRegistration> registrations
) : IValidateOptions<TokenAuthStartup>
{
    public ValidateOptionsResult Validate(string? name, TokenAuthStartup options) => SettingFault.Result(Faults());

    private IEnumerable<string> Faults() =>
        registrations
            .GroupBy(registration => registration.Name, StringComparer.OrdinalIgnoreCase)
            .SelectMany(same =>
                same.Skip(1).Any()
                    ? [$"Two token providers are named '{same.Key}' (names ignore case); give each a name of its own."]
                    : same.First().Faults(services)
            );
}
