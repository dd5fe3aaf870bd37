using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class VkCloudOptionsValidator : IValidateOptions<VkCloudOptions>
{
    private const string CopyFromConsole = "copy it from the VK Cloud console";
    private const string IssuedEarlier = "set it to one that was issued earlier, or leave it out";

    public static readonly TimeSpan ShortestLifetime = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    public ValidateOptionsResult Validate(string? name, VkCloudOptions options) => SettingError.Result(Errors(options));

    public static IEnumerable<string> Errors(VkCloudOptions options)
    {
        var at = options.SettingPrefix;

        if (string.IsNullOrWhiteSpace(options.ProviderName))
            yield return $"{at}ProviderName is blank; leave it out or give the provider a name.";

        if (SettingError.OfSecret($"{at}ClientId", options.ClientId, CopyFromConsole) is { } clientId)
            yield return clientId;

        if (!string.IsNullOrEmpty(options.ClientId) && IsAlsoSecret(options))
            yield return $"{at}ClientId and ClientSecret are the same; copy each from its own field of the VK Cloud console.";
        else if (options.AreSwapped)
            yield return $"{at}ClientSecret looks like a client id; are ClientId and ClientSecret swapped? Copy each from its own field of the VK Cloud console.";

        if (string.IsNullOrEmpty(options.ClientSecret) && string.IsNullOrEmpty(options.RefreshToken))
            yield return $"{at}ClientSecret is missing; copy it from the VK Cloud console, or set RefreshToken to one that was issued earlier.";

        if (SettingError.OfOptionalSecret($"{at}ClientSecret", options.ClientSecret, CopyFromConsole) is { } secret)
            yield return secret;

        if (SettingError.OfOptionalSecret($"{at}RefreshToken", options.RefreshToken, IssuedEarlier) is { } refresh)
            yield return refresh;

        if (options.TokenEndpoint is null)
            yield return $"{at}TokenEndpoint is missing; leave it out for VK Cloud's own.";
        else if (
            SettingError.OfEndpoint(
                $"{at}TokenEndpoint",
                options.TokenEndpoint,
                (options.AllowHttp, $"{at}AllowHttp"),
                options.ClientSecret,
                options.RefreshToken
            ) is
            { } endpoint
        )
            yield return endpoint;

        if (options.AssumedLifetime < ShortestLifetime || options.AssumedLifetime > LongestLifetime)
            yield return $"{at}AssumedLifetime is {options.AssumedLifetime:c}; write a time from one minute to 24 hours.";
    }

    private static bool IsAlsoSecret(VkCloudOptions options) =>
        string.Equals(options.ClientId, options.ClientSecret, StringComparison.Ordinal);
}
