namespace TokenAuth;

/// <summary>Causes that are Azure Speech's own.</summary>
internal static class AzureSpeechHelp
{
    public static readonly HelpCode KeyRefused = new("azure-key-refused");
    public static readonly HelpCode OneKeyRefused = new("azure-one-key-refused");
    public static readonly HelpCode KeysSwitchedOff = new("azure-keys-switched-off");
    public static readonly HelpCode NetworkRules = new("azure-network-rules");
    public static readonly HelpCode QuotaUsedUp = new("azure-quota-used-up");
    public static readonly HelpCode NotAllowed = new("azure-not-allowed");
    public static readonly HelpCode AddressWithoutPath = new("azure-address-without-path");
    public static readonly HelpCode AddressWrong = new("azure-address-wrong");
    public static readonly HelpCode InvalidResponse = new("azure-invalid-response");
    public static readonly HelpCode OtherRegion = new("azure-other-region");
    public static readonly HelpCode TokenRefusedByService = new("azure-token-refused-by-service");
    public static readonly HelpCode ServiceForbidden = new("azure-service-forbidden");
    public static readonly HelpCode ServiceNotFound = new("azure-service-not-found");
    public static readonly HelpCode ServiceFailed = new("azure-service-failed");
    public static readonly HelpCode ServiceNotCalled = new("azure-service-not-called");
}
