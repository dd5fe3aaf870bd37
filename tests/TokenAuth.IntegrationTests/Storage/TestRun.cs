namespace TokenAuth.Tests.Storage;

/// <summary>How much a run does: the full counts take many minutes.</summary>
public static class TestRun
{
    public static bool IsFull => Environment.GetEnvironmentVariable("TOKENAUTH_TEST_FULL") == "1";

    public static int KillsAStep => IsFull ? 100 : 2;
    public static int Renewals => IsFull ? 12 : 4;
    public static int WriteKills => IsFull ? 1000 : 30;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
