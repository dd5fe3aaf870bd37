namespace TokenAuth;

/// <summary>The places in which Azure takes a Microsoft Entra token.</summary>
internal static class AzureSpeechEntraPlaces
{
    public static string? ErrorOf(CredentialPlace place) =>
        place == CredentialPlace.BearerHeader
            ? null
            : "Azure takes a Microsoft Entra token as Authorization: Bearer alone (AddBearerToken, BearerTokenHandler).";
}
