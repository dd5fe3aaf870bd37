#if !NETSTANDARD_ASSEMBLY
namespace TokenAuth.Tests.Storage;

/// <summary>Another clock that counts who asks it for the time of day.</summary>
internal sealed class CountedClock(TimeProvider clock) : TimeProvider
{
    private int _looks;

    public int Looks => Volatile.Read(ref _looks);

    public override DateTimeOffset GetUtcNow()
    {
        Interlocked.Increment(ref _looks);

        return clock.GetUtcNow();
    }
}
#endif
