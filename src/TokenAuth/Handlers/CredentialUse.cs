namespace TokenAuth;

/// <summary>One token as one handler uses it, and whose it is.</summary>
internal sealed class CredentialUse(HandlerCredential credential, AccessToken token)
{
    public TokenHandler Handler => credential.Handler;

    public HandlerCredential Credential => credential;

    public AccessToken Token => token;
}
