namespace TokenAuth;

/// <summary>One provider's credential as one handler places it: its hosts, its rules and its last token.</summary>
internal sealed class HandlerCredential : TenantAttachment
{
    private readonly ITokenProvider _provider;
    private readonly PlacedTokens _placed;

    private CredentialUse? _use; // benign race: any of them serves

    /// <exception cref="ArgumentException">An entry of the provider's own hosts is not a host.</exception>
    public HandlerCredential(
        TokenHandler handler,
        ITokenProvider provider,
        ITokenAudience? audience,
        PlacedTokens placed
    )
        : base(handler)
    {
        _provider = provider;
        _placed = placed;
        Rejection = new(handler.IsRejected, audience, handler.Placement.Where);
        Check = new(handler, handler.GuardOf(audience), handler.Loopback, placed, handler.ReplacesExisting);
    }

    public TokenHandler Handler => (TokenHandler)Owner;

    public RejectionCheck Rejection { get; }

    public RequestCheck Check { get; }

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken) =>
        _provider.GetTokenAsync(cancellationToken);

    public void Invalidate(AccessToken rejected) => _provider.Invalidate(rejected);

    public CredentialUse Use(AccessToken? token)
    {
        if (token is null)
            throw new InvalidOperationException(
                $"The provider of {Handler.Owner} returned no token; nothing is sent without one."
            );
        if (_use is { } use && ReferenceEquals(use.Token, token))
            return use;

        _placed.Add(token);
        return _use = new(this, token);
    }
}
