namespace TokenAuth;

/// <summary>A cause that <c>docs/troubleshooting.md</c> explains below an anchor of this name.</summary>
internal sealed class HelpCode(string name)
{
    /// <summary>Before the name in a link. A URN until the project has an address: a link to a host that nobody here owns would be a trap.</summary>
    public const string LinkPrefix = "urn:tokenauth:";

    public string Name => name;

    public Uri Link { get; } = new(LinkPrefix + name);

    public override string ToString() => name;
}
