namespace TokenAuth.Tool;

/// <summary>A cause that <c>docs/cli.md</c> explains below an anchor of this name.</summary>
internal sealed record ToolCode(string Name)
{
    public static readonly ToolCode SettingWrong = new("setting-wrong");
    public static readonly ToolCode StoreWrong = new("store-wrong");
    public static readonly ToolCode StoreFails = new("store-fails");
    public static readonly ToolCode NoStore = new("no-store");
    public static readonly ToolCode ApplicationsClient = new("applications-client");
    public static readonly ToolCode EntraSignIn = new("entra-sign-in");
}
