namespace TokenAuth;

/// <summary>Causes that are VK Cloud's own.</summary>
internal static class VkCloudHelp
{
    public static readonly HelpCode CredentialsRefused = new("vk-credentials-refused");
    public static readonly HelpCode RefreshTokensUsedUp = new("vk-refresh-tokens-used-up");
    public static readonly HelpCode OtherService = new("vk-secret-of-other-service");
    public static readonly HelpCode RefreshTokenRefused = new("vk-refresh-token-refused");
    public static readonly HelpCode ReauthenticationRequired = new("vk-reauthentication-required");
    public static readonly HelpCode RefreshTokenSpent = new("vk-refresh-token-spent");
    public static readonly HelpCode NotAsked = new("vk-not-asked");
    public static readonly HelpCode Paced = new("vk-paced");
    public static readonly HelpCode InvalidResponse = new("vk-invalid-response");
    public static readonly HelpCode ServiceNotCalled = new("vk-service-not-called");
    public static readonly HelpCode Voice4048 = new("vk-4048");
    public static readonly HelpCode Voice4049 = new("vk-4049");
    public static readonly HelpCode Unauthorized = new("vk-unauthorized");
    public static readonly HelpCode Forbidden = new("vk-forbidden");
    public static readonly HelpCode VisionEnvelope = new("vk-vision-envelope");
}
