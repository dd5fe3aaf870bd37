namespace TokenAuth;

/// <summary>The state of a token in its life.</summary>
internal enum TokenState
{
    /// <summary>Handed out at once.</summary>
    Fresh,

    /// <summary>Handed out while one renewal runs in the background.</summary>
    Stale,

    /// <summary>Callers wait for a renewal; should it fail for a passing reason, the service still takes this token.</summary>
    Due,

    /// <summary>Never sent again.</summary>
    Expired,
}
