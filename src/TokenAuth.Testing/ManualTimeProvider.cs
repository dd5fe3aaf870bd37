namespace TokenAuth.Testing;

/// <summary>A clock that stands still until it is moved; its timers fire while it moves, in order.</summary>
public sealed class ManualTimeProvider : TimeProvider { }
