namespace TokenAuth;

/// <summary>An address that a token was placed in, which inner handlers see as a <see cref="Uri"/>. Where a redirect leads is never one.</summary>
internal class PlacedUri : Uri
{
    public PlacedUri(string text)
        : base(text) { }

#if NET
    public PlacedUri(string text, UriCreationOptions options)
        : base(text, options) { }
#endif
}
