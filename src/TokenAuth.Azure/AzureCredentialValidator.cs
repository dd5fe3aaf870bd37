using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Stops the start when a resource has no credential. It makes none.</summary>
internal sealed class AzureCredentialValidator(TokenProviderRegistry registry, IServiceProviderIsService services)
    : IValidateOptions<TokenAuthStartup>
{
    public ValidateOptionsResult Validate(string? name, TokenAuthStartup options) =>
        services.IsService(typeof(AzureCredential)) || services.IsService(typeof(TokenCredential))
            ? ValidateOptionsResult.Success
            : SettingError.Result(registry.NamesOf(AzureSpeechEntraKind.Kind).Select(AzureCredential.Missing));
}
