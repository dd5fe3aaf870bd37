namespace TokenAuth;

/// <summary>A grant that is in use, and when it was asked for by both clocks. Immutable but for the memory of its last look.</summary>
internal sealed class HeldToken
{
    private readonly long _requestedTimestamp;
    private long _freshAtTick = long.MinValue; // benign race: each value written was true when it was written

    public HeldToken(TokenGrant grant, DateTimeOffset requestedAt, long requestedTimestamp, TokenWindows windows)
    {
        Grant = grant;
        Token = grant.AccessToken;
        RequestedAt = requestedAt;
        _requestedTimestamp = requestedTimestamp;
        Windows = windows;
    }

    public TokenGrant Grant { get; }

    public AccessToken Token { get; }

    public DateTimeOffset RequestedAt { get; }

    public TokenWindows Windows { get; }

    /// <summary>The age by whichever clock says more: wall clocks jump, and Linux' monotonic clock stops during suspend.</summary>
    public TimeSpan Age(TimeProvider time)
    {
        var byWall = time.GetUtcNow() - RequestedAt;
        var byMonotonic = time.GetElapsedTime(_requestedTimestamp);

        return byWall > byMonotonic ? byWall : byMonotonic;
    }

    public TokenState State(TimeProvider time) => Windows.StateAt(Age(time));

    /// <summary>The time for which the token may still be sent; null when it does not expire.</summary>
    public TimeSpan? RemainingLife(TimeProvider time)
    {
        if (Windows.Life == TimeSpan.MaxValue)
            return null;

        var left = Windows.Life - Age(time);

        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>True when both clocks say that the token is fresh.</summary>
    public bool IsFresh(TimeProvider time) => State(time) == TokenState.Fresh;

    /// <summary>
    /// The same for the system's clocks. Within one tick of the coarse clock (some milliseconds) the last look still stands,
    /// which saves two clock reads.
    /// </summary>
    public bool IsFreshBySystemClock() => IsFreshBySystemClock(CoarseTick());

    /// <inheritdoc cref="IsFreshBySystemClock()"/>
    /// <param name="tick">The coarse clock's, where the caller has read it already.</param>
    public bool IsFreshBySystemClock(long tick)
    {
        if (tick == Volatile.Read(ref _freshAtTick))
            return true;
        if (!IsFresh(TimeProvider.System))
            return false;

        Volatile.Write(ref _freshAtTick, tick);

        return true;
    }

#pragma warning disable RS0030 // only with the system's clock, see above
#if NET
    private static long CoarseTick() => Environment.TickCount64;
#else
    private static long CoarseTick() => Environment.TickCount;
#endif
#pragma warning restore RS0030
}
