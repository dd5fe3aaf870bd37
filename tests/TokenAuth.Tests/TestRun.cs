namespace TokenAuth.Tests;

/// <summary>How much a run does; <c>TOKENAUTH_TEST_FULL=1</c> asks for all of it.</summary>
internal static class TestRun
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("TOKENAUTH_TEST_FULL") == "1";

    /// <summary>This many on the newest platform. The older ones, which run the same code, repeat a tenth of it outside the full run.</summary>
    public static int Repeated(int count) =>
#if NET10_0_OR_GREATER && !NETSTANDARD_ASSEMBLY
        count;
#else
        IsFull ? count : count / 10;
#endif
}
