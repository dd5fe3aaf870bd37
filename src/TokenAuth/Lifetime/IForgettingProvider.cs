namespace TokenAuth;

/// <summary>A provider that can begin anew, as if it had never had a token.</summary>
internal interface IForgettingProvider
{
    void Forget();
}
