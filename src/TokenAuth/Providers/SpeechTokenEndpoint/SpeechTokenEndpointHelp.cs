namespace TokenAuth;

/// <summary>Causes of an application's own endpoint of Speech tokens.</summary>
internal static class SpeechTokenEndpointHelp
{
    public static readonly HelpCode NotSignedIn = new("app-not-signed-in");
    public static readonly HelpCode NotAllowed = new("app-not-allowed");
    public static readonly HelpCode NoTokenNow = new("app-no-token-now");
    public static readonly HelpCode AddressWrong = new("app-address-wrong");
    public static readonly HelpCode InvalidResponse = new("app-invalid-response");
}
