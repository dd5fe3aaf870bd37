using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class AzureSpeechEntraOptionsValidator : IValidateOptions<AzureSpeechEntraOptions>
{
    private const string Example = "'https://contoso.cognitiveservices.azure.com/'";
    private const string CustomDomain =
        "Microsoft Entra's tokens need the resource's custom domain (in the portal: Networking, Generate custom domain name)";
    private const string AccountPath = "/providers/Microsoft.CognitiveServices/accounts/";

    public ValidateOptionsResult Validate(string? name, AzureSpeechEntraOptions options) =>
        SettingError.Result(Errors(options));

    public static IEnumerable<string> Errors(AzureSpeechEntraOptions options)
    {
        var at = options.SettingPrefix;

        if (string.IsNullOrWhiteSpace(options.ProviderName))
            yield return $"{at}ProviderName is blank; leave it out or give the provider a name.";

        if (options.Form is < EntraTokenForm.Composite or > EntraTokenForm.Exchanged)
            yield return $"{at}Form is no form that is known; write Composite, Plain or Exchanged.";

        if ((options.Endpoint is null ? Missing(options) : OfEndpoint(options, options.Endpoint)) is { } endpoint)
            yield return endpoint;

        if (!string.IsNullOrEmpty(options.Region) && !AzureSpeechRegion.IsWellFormed(options.Region!))
            yield return $"{at}Region {SecretText.Described(options.Region!)}; write it without spaces in lower case, for example 'westeurope'.";

        if (options.Form == EntraTokenForm.Composite && OfResourceId(options.ResourceId) is { } id)
            yield return $"{at}ResourceId {id}; copy it from the resource's page in the Azure portal, under Properties: '/subscriptions/…{AccountPath}…'.";

        if (!string.IsNullOrEmpty(options.Scope) && !IsScope(options.Scope!))
            yield return $"{at}Scope is no scope of an Azure service; write for example 'https://cognitiveservices.azure.com/.default', or leave it out.";
    }

    private static string? Missing(AzureSpeechEntraOptions options)
    {
        var at = options.SettingPrefix;

        return options.Form != EntraTokenForm.Composite
                ? $"{at}Endpoint is missing, and {options.Form} tokens go to it; {CustomDomain}: write it, for example {Example}."
            : string.IsNullOrEmpty(options.Region)
                ? $"{at}Endpoint and {at}Region are missing; write the resource's custom domain, for example {Example}, or its region."
            : null;
    }

    private static string? OfEndpoint(AzureSpeechEntraOptions options, Uri endpoint)
    {
        var at = options.SettingPrefix;

        return SettingError.OfEndpoint($"{at}Endpoint", endpoint, (options.AllowHttp, $"{at}AllowHttp"))
            ?? AzureSpeechRegion.Error($"{at}Endpoint", endpoint)
            ?? (
                AzureSpeechRegion.OfAny(endpoint) is { } region
                    ? $"{at}Endpoint is the address of the region '{region}'; {CustomDomain}. Write it, for example {Example}, and '{region}' as Region."
                : endpoint.Host.StartsWith("portal.azure.", StringComparison.OrdinalIgnoreCase)
                    ? $"{at}Endpoint is a page of the Azure portal; write the endpoint that the resource's page shows under \"Keys and Endpoint\"."
                : null
            );
    }

    /// <summary>The error in a resource's id, as the rest of a sentence; null when there is none.</summary>
    private static string? OfResourceId(string? id) =>
        string.IsNullOrEmpty(id) ? "is missing, and composite tokens are made with it"
        : PlaceholderText.IsIn(id!) ? "is still a placeholder"
        : id!.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase)
        && id.IndexOf(AccountPath, StringComparison.OrdinalIgnoreCase) > 0
        && id.All(c => c is > ' ' and <= '~' and not '#')
            ? null
        : "is not the id of an Azure AI resource";

    private static bool IsScope(string scope) =>
        scope.EndsWith("/.default", StringComparison.Ordinal)
        && !SecretText.IsLikely(scope)
        && scope.All(c => c is > ' ' and <= '~');
}
