namespace TokenAuth;

/// <summary>The engine's judgement of a token that a vendor gave.</summary>
internal enum Verdict
{
    Good,

    /// <summary>A service refused it a while ago, and its source has no other: TokenAuth serves it again.</summary>
    GoodAgain,

    Expired,

    /// <summary>A service refused it before.</summary>
    Refused,

    /// <summary>The same, and the source has no other: TokenAuth serves it again after a pause.</summary>
    RefusedForNow,
}
