using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class TokenHandlerOptionsValidator : IValidateOptions<TokenHandlerOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenHandlerOptions options) =>
        SettingFault.Result(Faults(options));

    public static IEnumerable<string> Faults(TokenHandlerOptions options)
    {
        if (options.AllowedHosts is null)
            yield return "TokenHandlerOptions.AllowedHosts is null; leave it empty for the provider's own hosts.";

        foreach (var entry in options.AllowedHosts ?? [])
            if (AllowedHost.Fault(entry) is { } fault)
                yield return fault;

        if (string.IsNullOrWhiteSpace(options.OAuthProvider))
            yield return "TokenHandlerOptions.OAuthProvider is empty; VK Cloud Vision wants 'mcs'.";
    }
}
