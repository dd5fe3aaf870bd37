namespace TokenAuth;

/// <summary>The effect of a service's refusal of a token.</summary>
internal enum Rejection
{
    /// <summary>Another token is in use.</summary>
    OfAnother,

    /// <summary>The token is not handed out again.</summary>
    Accepted,

    /// <summary>Too many were accepted within an hour: the token stays in use.</summary>
    Ignored,

    /// <summary>The same, for the first time since one was accepted.</summary>
    IgnoredFirst,
}
