namespace TokenAuth;

/// <summary>The result of a renewal.</summary>
internal abstract record RenewalOutcome
{
    private RenewalOutcome() { }

    /// <summary>The kind of grant that was exchanged; null when that is not known.</summary>
    public string? GrantType =>
        this switch
        {
            Renewed renewed => renewed.Held.Grant.GrantType,
            Failed failed => failed.Failure.GrantType,
            _ => null,
        };

    /// <summary>The failure in OpenTelemetry's terms; null when there was none.</summary>
    public string? ErrorType => (this as Failed)?.Failure.ErrorType;

    /// <summary>A token, of the vendor or of the store.</summary>
    /// <param name="IsFromStore">Whether it came from the store, so that this process did not ask the vendor.</param>
    public sealed record Renewed(HeldToken Held, bool IsFromStore = false) : RenewalOutcome;

    /// <summary>The vendor was asked, or waited for, in vain.</summary>
    public sealed record Failed(RenewalFailure Failure) : RenewalOutcome;

    /// <summary>The store had nothing new, and the back-off forbids a call to the vendor.</summary>
    /// <param name="Cause">The failure that began the pause.</param>
    public sealed record HeldBack(RenewalFailure Cause) : RenewalOutcome;

    /// <summary>A probe left out what would have cost something; callers who wait for a token begin a renewal of their own.</summary>
    /// <param name="Cause">What was left out, and why it would have been next.</param>
    public sealed record Withheld(RenewalFailure Cause) : RenewalOutcome;

    /// <summary>The provider was disposed.</summary>
    public sealed record Ended : RenewalOutcome;
}
