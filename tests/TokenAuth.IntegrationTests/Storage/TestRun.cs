namespace TokenAuth.Tests.Storage;

/// <summary>How much a run does: the full counts, of <c>TOKENAUTH_TEST_FULL=1</c>, take half an hour.</summary>
public static class TestRun
{
    public static bool IsFull => Environment.GetEnvironmentVariable("TOKENAUTH_TEST_FULL") == "1";

    public static int KillsAStep => IsFull ? 100 : 1;
    public static int Renewals => IsFull ? 12 : 3;
    public static int FirstStarts => IsFull ? 5 : 2;
    public static int Processes => IsFull ? 8 : 4;
    public static int ProcessesThatStart => IsFull ? 50 : 6;
    public static int Ends => IsFull ? 6 : 1;
    public static int Restarts => IsFull ? 5 : 2;
    public static int WriterStops => IsFull ? 20 : 1;
    public static int WriteKills => IsFull ? 1000 : 10;
    public static int TenantRequests => IsFull ? 60_000 : 12_000;
    public static int GeneratedCredentials => IsFull ? 100_000 : 10_000;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
