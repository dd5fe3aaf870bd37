using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class AzureSpeechOptionsValidator : IValidateOptions<AzureSpeechOptions>
{
    private const string CopyKey = "copy a key from the resource's page in the Azure portal";

    private const string LeaveOut = $"leave it out, or {CopyKey}";

    private static readonly TimeSpan _shortestReuse = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longestReuse = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, AzureSpeechOptions options) =>
        SettingError.Result(Errors(options));

    public static IEnumerable<string> Errors(AzureSpeechOptions options)
    {
        var at = options.SettingPrefix;

        if (string.IsNullOrWhiteSpace(options.ProviderName))
            yield return $"{at}ProviderName is blank; leave it out or give the provider a name.";

        if (string.IsNullOrEmpty(options.Region) && options.Endpoint is null && options.TokenEndpoint is null)
            yield return $"{at}Region is missing; write the resource's region, for example 'westeurope', or set Endpoint or TokenEndpoint.";

        if (OfRegion($"{at}Region", options.Region) is { } region)
            yield return region;

        if (SettingError.OfSecret($"{at}SubscriptionKey", options.SubscriptionKey, CopyKey) is { } key)
            yield return key;

        if (options.SecondaryKey is "")
            yield return $"{at}SecondaryKey is empty; {LeaveOut}.";
        else if (SettingError.OfOptionalSecret($"{at}SecondaryKey", options.SecondaryKey, LeaveOut) is { } spare)
            yield return spare;

        foreach (var error in AzureSpeechAddressError.All(options))
            yield return error;

        if (options.ReuseFor < _shortestReuse || options.ReuseFor > _longestReuse)
            yield return $"{at}ReuseFor is {options.ReuseFor:c}; write a time from one minute to ten.";
    }

    // A key in this place would go to the name server, and its message to the log.
    private static string? OfRegion(string setting, string? region) =>
        string.IsNullOrEmpty(region) ? null
        : PlaceholderText.Is(region!)
            ? $"{setting} is still a placeholder; write the resource's region, for example 'westeurope'."
        : AzureSpeechRegion.IsWellFormed(region!) ? null
        : $"{setting} {SecretText.Described(region!)}; write it without spaces in lower case, for example 'westeurope'.";
}
