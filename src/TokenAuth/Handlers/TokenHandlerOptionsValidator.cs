using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class TokenHandlerOptionsValidator : IValidateOptions<TokenHandlerOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenHandlerOptions options) =>
        SettingError.Result(Errors(options));

    public static IEnumerable<string> Errors(TokenHandlerOptions options)
    {
        if (options.AllowedHosts is null)
            yield return "TokenHandlerOptions.AllowedHosts is null; leave it empty for the provider's own hosts.";
        if (options.AllowHttp is null)
            yield return "TokenHandlerOptions.AllowHttp is null; leave it empty for http on loopback only.";

        foreach (var entry in options.AllowedHosts ?? [])
            if (ErrorOf(entry, nameof(options.AllowedHosts), HostEntryError.OfAllowedHosts) is { } error)
                yield return error;

        foreach (var entry in options.AllowHttp ?? [])
            if (ErrorOf(entry, nameof(options.AllowHttp), HostEntryError.OfAllowHttp) is { } error)
                yield return error;

        if (string.IsNullOrWhiteSpace(options.OAuthProvider))
            yield return "TokenHandlerOptions.OAuthProvider is empty; VK Cloud Vision wants 'mcs'.";
        else if (SecretText.IsLikely(options.OAuthProvider))
            yield return "TokenHandlerOptions.OAuthProvider looks like a key or a token; VK Cloud Vision wants 'mcs'.";
    }

    private static string? ErrorOf(string? entry, string list, Func<string?, string?> errorOf) =>
        entry is not null && IsSecret(entry)
            ? $"An entry of {list} looks like a key or a token; write a host, for example 'api.example.com'."
            : errorOf(entry);

    // Hosts with a long hexadecimal label exist.
    private static bool IsSecret(string entry) =>
        SecretText.IsLikely(entry) && (entry.IndexOf('.') < 0 || entry.StartsWith("eyJ", StringComparison.Ordinal));
}
