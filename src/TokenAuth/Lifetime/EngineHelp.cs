namespace TokenAuth;

/// <summary>Causes that lie between a provider's source and its callers.</summary>
internal static class EngineHelp
{
    public static readonly HelpCode SourceFailed = new("source-failed");
    public static readonly HelpCode UselessToken = new("useless-token");
    public static readonly HelpCode LeaseBusy = new("lease-busy");
    public static readonly HelpCode HeldBack = new("held-back");
    public static readonly HelpCode NothingToAsk = new("nothing-to-ask");
}
