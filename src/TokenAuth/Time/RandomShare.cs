namespace TokenAuth;

/// <summary>A number from 0 to 1, different in every process.</summary>
internal static class RandomShare
{
#pragma warning disable CA5394 // spreads load; nothing secret depends on it
#if NET
    public static double Next() => Random.Shared.NextDouble();
#else
    private static readonly Random _random = new(Guid.NewGuid().GetHashCode()); // guarded by itself

    public static double Next()
    {
        lock (_random)
            return _random.NextDouble();
    }
#endif
}
