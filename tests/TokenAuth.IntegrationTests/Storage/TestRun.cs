namespace TokenAuth.Tests.Storage;

/// <summary>How much a run does: the full counts, of <c>TOKENAUTH_TEST_FULL=1</c>, take half an hour.</summary>
public static class TestRun
{
#if NET10_0_OR_GREATER
    private const bool IsNewest = true;
#else
    private const bool IsNewest = false;
#endif

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
    public static int TenantRequests =>
        IsFull ? 60_000
        : IsNewest ? 12_000
        : 3_000;
    public static int GeneratedCredentials =>
        IsFull ? 100_000
        : IsNewest ? 10_000
        : 3_000;

    /// <summary>Every scene of the leak catalogue, or every so many.</summary>
    public static int LeakSceneStep => IsFull || IsNewest ? 1 : 12;

    /// <summary>Every redirect, or one that keeps the method and one that does not.</summary>
    public static IReadOnlyList<int> RedirectCodes => IsFull || IsNewest ? [301, 302, 303, 307, 308] : [302, 307];

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
