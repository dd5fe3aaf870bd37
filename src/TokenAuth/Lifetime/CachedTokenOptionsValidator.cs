using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class CachedTokenOptionsValidator : IValidateOptions<CachedTokenOptions>
{
    private const int MaxStoreKeyLength = 128;

    public ValidateOptionsResult Validate(string? name, CachedTokenOptions options) =>
        SettingError.Result(Errors(options));

    public static IEnumerable<string> Errors(CachedTokenOptions options)
    {
        if (options.ProviderName is { } providerName && string.IsNullOrWhiteSpace(providerName))
            yield return "CachedTokenOptions.ProviderName is blank; leave it out or give the provider a name.";

        if (options.StoreKey is { } key && (key.Length is 0 or > MaxStoreKeyLength || !key.All(IsKeyCharacter)))
            yield return $"CachedTokenOptions.StoreKey is '{SecretText.Shown(key)}'; write 1 to {MaxStoreKeyLength} of the characters a-z, 0-9 and '-'.";
    }

    private static bool IsKeyCharacter(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-';
}
