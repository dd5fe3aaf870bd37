namespace TokenAuth;

/// <summary>The place of a request where Azure takes a token of an application's endpoint, which hands out no key.</summary>
internal static class SpeechTokenEndpointPlaces
{
    public static string? ErrorOf(CredentialPlace place) =>
        place == CredentialPlace.BearerHeader
            ? null
            : "Azure takes a token that an application's endpoint hands out as Authorization: Bearer alone (AddBearerToken, BearerTokenHandler).";
}
