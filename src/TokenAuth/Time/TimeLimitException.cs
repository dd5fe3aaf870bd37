namespace TokenAuth;

/// <summary>A limit of the engine passed: not a time-out of a store's or a source's own, whose words nobody has read.</summary>
#pragma warning disable CA1032, CA1064 // made in one place, and never leaves the engine
internal sealed class TimeLimitException(string message, Exception innerException)
    : TimeoutException(message, innerException);
#pragma warning restore CA1032, CA1064
