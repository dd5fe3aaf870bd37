namespace TokenAuth;

/// <summary>The engine is always in exactly one of these five states.</summary>
internal abstract record GrantState
{
    private GrantState(HeldToken? serving, TokenRecord? known)
    {
        Serving = serving;
        Known = known;
    }

    /// <summary>The token in use, perhaps an expired one; null when there is none.</summary>
    public HeldToken? Serving { get; }

    /// <summary>The newest grant of this process, which may renew also after its token expired or was refused; null when there is none.</summary>
    public TokenRecord? Known { get; }

    /// <summary>There never was a token.</summary>
    public sealed record Nothing : GrantState
    {
        public static readonly Nothing Instance = new();

        private Nothing()
            : base(serving: null, known: null) { }
    }

    /// <summary>A token of the store serves until a renewal succeeds. Its refresh token stays the store's business: somebody may take it out.</summary>
    public sealed record Restored(HeldToken Serving) : GrantState(Serving, known: null);

    /// <summary>A renewal brought a token.</summary>
    /// <param name="Known">Its grant, or a later one that came with a useless token.</param>
    /// <param name="Unmet">The minimum of life that the renewal was for and did not reach; null when it reached it.</param>
    public sealed record Obtained(HeldToken Serving, TokenRecord Known, TimeSpan? Unmet) : GrantState(Serving, Known);

    /// <summary>No token is of use.</summary>
    /// <param name="Known">The grant that may renew; null when that is the store's business.</param>
    /// <param name="WasRefused">Whether a service refused the last token.</param>
    /// <param name="MayReturn">Whether its source has given that token once more, past its cache: it has no other.</param>
    public sealed record Lost(TokenRecord? Known, bool WasRefused, bool MayReturn = false)
        : GrantState(serving: null, Known);

    /// <summary>The provider was disposed.</summary>
    public sealed record Ended() : GrantState(serving: null, known: null);
}
