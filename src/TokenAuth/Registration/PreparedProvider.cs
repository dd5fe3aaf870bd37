namespace TokenAuth;

/// <summary>A provider whose settings are good, and which is not made yet.</summary>
/// <param name="Make">Makes it; called once.</param>
internal sealed record PreparedProvider(Func<ITokenProvider> Make)
{
    /// <summary>
    /// What is unlikely about all the places that the application's HTTP clients put its credential in, as the rest of a sentence;
    /// null when nothing is.
    /// </summary>
    public Func<IReadOnlyCollection<CredentialPlace>, string?> DoubtOf { get; init; } = _ => null;
}
