namespace TokenAuth;

/// <summary>What came of a flight: a token, a failure, or the end of the provider.</summary>
internal sealed class Renewal
{
    public static readonly Renewal Disposed = new();

    private Renewal() { }

    public Renewal(HeldToken held) => Held = held;

    public Renewal(RenewalFailure failure) => Failure = failure;

    public HeldToken? Held { get; }

    public RenewalFailure? Failure { get; }

    public string? GrantType => Held is null ? Failure?.GrantType : Held.Grant.GrantType;
}
