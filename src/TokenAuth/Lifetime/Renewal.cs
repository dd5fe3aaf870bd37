namespace TokenAuth;

/// <summary>What came of a flight: a token, a failure, or the end of the provider.</summary>
internal sealed class Renewal
{
    public static readonly Renewal Disposed = new();

    /// <summary>The store had nothing of use: whoever waited is where he was.</summary>
    public static readonly Renewal NotFound = new();

    private Renewal() { }

    public Renewal(HeldToken held) => Held = held;

    public Renewal(RenewalFailure failure) => Failure = failure;

    public HeldToken? Held { get; }

    public RenewalFailure? Failure { get; }

    public string? GrantType => Held is null ? Failure?.GrantType : Held.Grant.GrantType;
}
