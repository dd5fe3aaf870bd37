using System.Runtime.InteropServices;

namespace TokenAuth;

/// <summary>A token's three instants as ages, counted from the moment before it was asked for.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct TokenWindows
{
    private static readonly TimeSpan _longestMargin = TimeSpan.FromSeconds(60);

    private TokenWindows(TimeSpan refreshAfter, TimeSpan reuseFor, TimeSpan life)
    {
        RefreshAfter = refreshAfter;
        ReuseFor = reuseFor;
        Life = life;
    }

    /// <summary>The age from which one background renewal runs while the token is served.</summary>
    public TimeSpan RefreshAfter { get; }

    /// <summary>The age from which callers wait for a renewal.</summary>
    public TimeSpan ReuseFor { get; }

    /// <summary>The age from which the token is never sent.</summary>
    public TimeSpan Life { get; }

    /// <param name="jitter">0 to 1: spreads the early renewal evenly over 70 % to 90 % of the reuse time.</param>
    /// <param name="refreshAfter">When the vendor asks for an early renewal; ignored if in the past, or after the reuse time.</param>
    public static TokenWindows For(TimeSpan? life, TimeSpan? reuseFor, double jitter, TimeSpan? refreshAfter = null)
    {
        var expires = life ?? TimeSpan.MaxValue;
        var reuse = Shorter(expires, reuseFor ?? expires - Margin(expires));
        var refresh = TimeSpan.FromTicks((reuse.Ticks / 10 * 7) + (long)(reuse.Ticks / 5 * jitter));
        if (refreshAfter > TimeSpan.Zero && refreshAfter < reuse)
            refresh = refreshAfter.Value;

        return new TokenWindows(refresh, reuse, expires);
    }

    public TokenState StateAt(TimeSpan age) =>
        age < RefreshAfter ? TokenState.Fresh
        : age < ReuseFor ? TokenState.Stale
        : age < Life ? TokenState.Due
        : TokenState.Expired;

    private static TimeSpan Margin(TimeSpan life) => Shorter(_longestMargin, TimeSpan.FromTicks(life.Ticks / 10));

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
