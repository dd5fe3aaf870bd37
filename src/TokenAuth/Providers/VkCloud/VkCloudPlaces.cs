namespace TokenAuth;

/// <summary>The places in which VK Cloud's services take their token.</summary>
internal static class VkCloudPlaces
{
    public static string? ErrorOf(CredentialPlace place) =>
        place == CredentialPlace.KeyHeader
            ? "VK Cloud takes no subscription key: Voice takes its token as Authorization: Bearer (AddBearerToken, BearerTokenHandler), "
                + "Vision takes it in the query (AddOAuthTokenQuery, OAuthTokenQueryHandler)."
            : null;

    /// <summary>The doubt about all places of one client's token, as the rest of a sentence; null when there is none.</summary>
    public static string? DoubtOf(VkCloudOptions options, IReadOnlyCollection<CredentialPlace> places)
    {
        if (places.Count == 0)
            return null;
        if (IsOf(options, ".vision.") && !places.Contains(CredentialPlace.Query))
            return "has a client id of VK Cloud Vision, which takes its token in the query, and no HTTP client places it there; "
                + $"call AddOAuthTokenQuery(\"{options.ProviderName}\") on the client of Vision";
        if (IsOf(options, ".voice.") && !places.Contains(CredentialPlace.BearerHeader))
            return "has a client id of VK Cloud Voice, which takes its token as Authorization: Bearer, and no HTTP client places it there; "
                + $"call AddBearerToken(\"{options.ProviderName}\") on the client of Voice";

        return null;
    }

    private static bool IsOf(VkCloudOptions options, string service) =>
        options.ClientId.AsSpan().Contains(service.AsSpan(), StringComparison.OrdinalIgnoreCase);
}
