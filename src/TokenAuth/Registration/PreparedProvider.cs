namespace TokenAuth;

/// <summary>A provider whose settings are good, and which is not made yet.</summary>
/// <param name="Make">Makes it; called once.</param>
internal sealed record PreparedProvider(Func<ITokenProvider> Make)
{
    /// <summary>
    /// The rest of a sentence about the places that the application's HTTP clients put the credential in, where these are unlikely; null where they
    /// are fine.
    /// </summary>
    public Func<IReadOnlyCollection<CredentialPlace>, string?> DoubtOf { get; init; } = _ => null;
}
