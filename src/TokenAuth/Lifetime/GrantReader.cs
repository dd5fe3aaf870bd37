namespace TokenAuth;

/// <summary>Says of a grant how long its token may be used, by both clocks.</summary>
internal sealed class GrantReader(CachedTokenOptions options, TimeProvider time)
{
    private static readonly TimeSpan _toleratedClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>One that the vendor has just given.</summary>
    public HeldToken Obtained(TokenGrant grant, DateTimeOffset requestedAt, long requestedTimestamp)
    {
        var life = LifeOf(grant, requestedAt, time.GetElapsedTime(requestedTimestamp));

        return new HeldToken(grant, requestedAt, requestedTimestamp, WindowsOf(grant, life, requestedAt));
    }

    /// <summary>One that a store gave; null when it is none, of another secret, from the future or expired.</summary>
    public HeldToken? Stored(TokenRecord? record)
    {
        if (record is null || !string.Equals(record.SecretDigest, options.SecretDigest, StringComparison.Ordinal))
            return null;

        // Put down by a clock that is ahead of ours, its age cannot be told.
        var age = time.GetUtcNow() - record.RequestedAt;
        if (age < -_toleratedClockDifference)
            return null;

        var sinceStart = TimeSpan.FromTicks(Math.Max(age.Ticks, 0));
        var timestamp = time.GetTimestamp() - (long)(sinceStart.TotalSeconds * time.TimestampFrequency);
        var held = new HeldToken(
            record.Grant,
            record.RequestedAt,
            timestamp,
            WindowsOf(record.Grant, record.Grant.AccessToken.ExpiresAt - record.RequestedAt, record.RequestedAt)
        );

        return held.State(time) == TokenState.Expired ? null : held;
    }

    // The wall clock may have jumped while the request was under way: of the two lives it may mean, the shorter one.
    private TimeSpan? LifeOf(TokenGrant grant, DateTimeOffset requestedAt, TimeSpan elapsed)
    {
        if (grant.AccessToken.ExpiresAt is not { } expiresAt)
            return null;

        var seenFromBefore = expiresAt - requestedAt;
        var seenFromNow = expiresAt - time.GetUtcNow() + elapsed;

        return TimeSpan.FromTicks(Math.Min(seenFromBefore.Ticks, seenFromNow.Ticks));
    }

    private TokenWindows WindowsOf(TokenGrant grant, TimeSpan? life, DateTimeOffset requestedAt) =>
        TokenWindows.For(life, grant.ReuseFor, options.Jitter(), grant.RefreshOn - requestedAt);
}
