namespace TokenAuth;

/// <summary>Errors of the addresses in the options, and of the scope, which becomes a part of one.</summary>
internal static class AzureSpeechAddressError
{
    private const int LongestScope = 100;

    public static IEnumerable<string> All(AzureSpeechOptions options)
    {
        var at = options.SettingPrefix;
        var allowHttp = (options.AllowHttp, $"{at}AllowHttp");
        string?[] keys = [options.SubscriptionKey, options.SecondaryKey];

        if (options.Endpoint is { } endpoint)
        {
            if (
                (
                    SettingError.OfEndpoint($"{at}Endpoint", endpoint, allowHttp, keys)
                    ?? AzureSpeechRegion.Error($"{at}Endpoint", endpoint)
                    ?? OfEndpoint(at, endpoint)
                ) is
                { } error
            )
                yield return error;
        }

        if (options.TokenEndpoint is { } issuer)
        {
            if (
                (
                    SettingError.OfEndpoint($"{at}TokenEndpoint", issuer, allowHttp, keys)
                    ?? AzureSpeechRegion.Error($"{at}TokenEndpoint", issuer)
                    ?? OfIssuer(at, issuer)
                ) is
                { } error
            )
                yield return error;
        }

        if (!string.IsNullOrEmpty(options.Scope) && !IsScope(options.Scope!))
            yield return $"{at}Scope {SecretText.Described(options.Scope!)}; write for example '{AzureSpeechResource.ManagementScope}', or leave it out.";
    }

    private static string? OfEndpoint(string at, Uri endpoint) =>
        IsPortal(endpoint) ? $"{at}Endpoint {PagesOfThePortal}"
        : IsIssueToken(endpoint)
            ? $"{at}Endpoint is the address of issueToken; write it as TokenEndpoint, or '{Origin(endpoint)}' as Endpoint."
        : null;

    // People paste what the portal shows, which has no path.
    private static string? OfIssuer(string at, Uri issuer) =>
        IsPortal(issuer) ? $"{at}TokenEndpoint {PagesOfThePortal}"
        : IsIssueToken(issuer) ? null
        : AzureSpeechCustomDomain.Is(issuer) || AzureSpeechRegion.OfAny(issuer) is not null
            ? $"{at}TokenEndpoint is an address of the resource, as the Azure portal shows it, and not that of issueToken; write '{Origin(issuer)}' as Endpoint, and leave "
                + "TokenEndpoint out."
        : null;

    private const string PagesOfThePortal =
        "is a page of the Azure portal; write the endpoint that the resource's page shows under \"Keys and Endpoint\" as Endpoint.";

    private static bool IsPortal(Uri address) =>
        address.Host.StartsWith("portal.azure.", StringComparison.OrdinalIgnoreCase);

    public static bool IsIssueToken(Uri address) =>
        address.AbsolutePath.TrimEnd('/').EndsWith("/issueToken", StringComparison.OrdinalIgnoreCase);

    private static string Origin(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + "/";

    private static bool IsScope(string scope) =>
        scope.Length <= LongestScope
        && !SecretText.IsLikely(scope)
        && scope.All(c =>
            c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '.' or '_' or '-' or ':' or '/'
        );
}
