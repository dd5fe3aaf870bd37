namespace TokenAuth;

/// <summary>The weight of a <see cref="TokenFinding"/>.</summary>
public enum TokenFindingSeverity
{
    /// <summary>Nothing is wrong; for example, something was not tried.</summary>
    Information,

    /// <summary>Tokens can be had, but something needs attention.</summary>
    Warning,

    /// <summary>No token can be had, or a service does not take it.</summary>
    Error,
}
