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
            if (entry is not null && IsSecret(entry))
                yield return "An entry of AllowedHosts looks like a key or a token; write a host, for example 'api.example.com'.";
            else if (AllowedHost.Fault(entry) is { } fault)
                yield return fault;

        if (string.IsNullOrWhiteSpace(options.OAuthProvider))
            yield return "TokenHandlerOptions.OAuthProvider is empty; VK Cloud Vision wants 'mcs'.";
        else if (SecretText.IsLikely(options.OAuthProvider))
            yield return "TokenHandlerOptions.OAuthProvider looks like a key or a token; VK Cloud Vision wants 'mcs'.";
    }

    // Hosts with a long hexadecimal label exist.
    private static bool IsSecret(string entry) =>
        SecretText.IsLikely(entry) && (entry.IndexOf('.') < 0 || entry.StartsWith("eyJ", StringComparison.Ordinal));
}
