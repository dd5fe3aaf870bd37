namespace TokenAuth;

/// <summary>Tells the causes of a refused Entra token apart by Azure's own words, which are compared and never shown.</summary>
internal static class EntraCause
{
    public const string RoleRemedy =
        "Give the credential's principal the role 'Cognitive Services Speech User' at the resource: Owner and Contributor give no access to data, and a new role takes up to five "
        + "minutes.";

    private static readonly string[] _missingRole =
    [
        "PermissionDenied",
        "does not have access to API/Operation",
        "lacks the required data action",
    ];

    /// <summary>The explanation with the one cause that the response names; as it was when it names none.</summary>
    public static Explanation Narrowed(Explanation all, TokenEndpointResponse response)
    {
        if (AzureSpeechCause.Of(response) is not { } cause)
            return IsMissingRole(response) ? all with { Code = EntraHelp.RoleMissing, Remedy = RoleRemedy } : all;

        var remedy =
            cause == AzureSpeechHelp.NetworkRules
                ? "Allow this machine's network at the resource, or use the private endpoint's own name."
            : cause == AzureSpeechHelp.QuotaUsedUp ? "Wait, or change the pricing tier."
            : null;

        return remedy is null ? all : all with { Code = cause, Remedy = remedy };
    }

    private static bool IsMissingRole(TokenEndpointResponse response) =>
        response is { IsApiResponse: true, Text: { } text }
        && _missingRole.Any(words => text.AsSpan().Contains(words.AsSpan(), StringComparison.OrdinalIgnoreCase));
}
