namespace TokenAuth.Tests.Storage;

/// <summary>One step of a process with its store.</summary>
/// <param name="Name"><c>read</c>, <c>lease</c> or <c>write</c>.</param>
/// <param name="Outcome">The fingerprint of the record's refresh token, <c>none</c>, <c>failed</c>, or <c>left</c>.</param>
internal sealed record StoreStep(int Process, string Name, DateTimeOffset From, DateTimeOffset To, string Outcome)
{
    private static readonly TimeSpan _longestLease = TimeSpan.FromSeconds(20); // a provider waits 21

    public bool HasFailed =>
        Outcome == "failed" || (Outcome == "left" && (Name != "lease" || To - From > _longestLease));

    /// <summary>Whether the process wanted to know what the store has, and did not leave because another process had renewed.</summary>
    public bool IsLook => Name != "write" && (Outcome != "left" || HasFailed);

    public bool IsWritten(IReadOnlySet<string> refreshTokens) => Name == "write" && refreshTokens.Contains(Outcome);
}
