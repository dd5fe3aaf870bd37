namespace TokenAuth;

/// <summary>One token in one handler. Copies here what each request needs, to save an indirection.</summary>
internal sealed class CredentialUse(HandlerCredential credential, AccessToken token)
{
    public TokenHandler Handler { get; } = credential.Handler;

    public CredentialPlacement Placement { get; } = credential.Handler.Placement;

    public RejectionCheck Rejection { get; } = credential.Rejection;

    public HandlerCredential Credential => credential;

    public AccessToken Token => token;
}
