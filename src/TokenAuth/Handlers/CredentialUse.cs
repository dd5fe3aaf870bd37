namespace TokenAuth;

/// <summary>One token as one handler uses it, and whose it is. What each request needs is here: one look less than through the credential.</summary>
internal sealed class CredentialUse(HandlerCredential credential, AccessToken token)
{
    public TokenHandler Handler { get; } = credential.Handler;

    public CredentialPlacement Placement { get; } = credential.Handler.Placement;

    public RejectionCheck Rejection { get; } = credential.Rejection;

    public HandlerCredential Credential => credential;

    public AccessToken Token => token;
}
