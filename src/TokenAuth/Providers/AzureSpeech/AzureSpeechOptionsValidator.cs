using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class AzureSpeechOptionsValidator : IValidateOptions<AzureSpeechOptions>
{
    private const string CopyKey = "copy a key from the resource's page in the Azure portal";

    private static readonly TimeSpan _shortestReuse = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longestReuse = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, AzureSpeechOptions options) =>
        SettingFault.Result(Faults(options));

    public static IEnumerable<string> Faults(AzureSpeechOptions options)
    {
        var at = options.SettingPrefix;

        if (string.IsNullOrWhiteSpace(options.ProviderName))
            yield return $"{at}ProviderName is blank; leave it out or give the provider a name.";

        if (string.IsNullOrEmpty(options.Region) && options.Endpoint is null && options.TokenEndpoint is null)
            yield return $"{at}Region is missing; write the resource's region, for example 'westeurope', or set Endpoint or TokenEndpoint.";

        if (!string.IsNullOrEmpty(options.Region) && !AzureSpeechRegion.IsWellFormed(options.Region!))
            yield return $"{at}Region is {Shown(options.Region!)}; write it without spaces in lower case, for example 'westeurope'.";

        if (SettingFault.OfSecret($"{at}SubscriptionKey", options.SubscriptionKey, CopyKey) is { } key)
            yield return key;

        if (options.SecondaryKey is "")
            yield return $"{at}SecondaryKey is empty; leave it out, or {CopyKey}.";
        else if (options.SecondaryKey is not null && CredentialText.Fault(options.SecondaryKey) is { } spare)
            yield return $"{at}SecondaryKey {spare}.";

        foreach (var fault in AzureSpeechAddressFault.All(options))
            yield return fault;

        if (options.ReuseFor < _shortestReuse || options.ReuseFor > _longestReuse)
            yield return $"{at}ReuseFor is {options.ReuseFor:c}; write a time from one minute to ten.";
    }

    // The one setting whose value a message repeats: somebody may have put a key there.
    private static string Shown(string region) =>
        region.Length <= 30 && region.All(c => c is >= ' ' and <= '~')
            ? $"'{region}'"
            : $"a text of {region.Length} characters";
}
