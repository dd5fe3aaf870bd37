namespace TokenAuth;

/// <summary>The places of a request where Azure Speech takes its token and its key.</summary>
internal static class AzureSpeechPlaces
{
    public static string? ErrorOf(CredentialPlace place) =>
        place == CredentialPlace.Query
            ? "Azure takes no token in the query: its tokens go as Authorization: Bearer (AddBearerToken, BearerTokenHandler), its key as "
                + "Ocp-Apim-Subscription-Key (AddSubscriptionKey, SubscriptionKeyHandler)."
            : null;
}
