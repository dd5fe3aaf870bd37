namespace TokenAuth;

/// <summary>One token as one handler uses it.</summary>
internal sealed class CredentialUse(TokenHandler handler, AccessToken token)
{
    public TokenHandler Handler => handler;

    public AccessToken Token => token;
}
