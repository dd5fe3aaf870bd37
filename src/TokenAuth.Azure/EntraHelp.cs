namespace TokenAuth;

/// <summary>Causes that are Microsoft Entra's own.</summary>
internal static class EntraHelp
{
    public static readonly HelpCode CredentialFailed = new("entra-credential-failed");
    public static readonly HelpCode ExchangeRefused = new("entra-exchange-refused");
    public static readonly HelpCode RoleMissing = new("entra-role-missing");
    public static readonly HelpCode TokenRefusedByService = new("entra-token-refused-by-service");
}
