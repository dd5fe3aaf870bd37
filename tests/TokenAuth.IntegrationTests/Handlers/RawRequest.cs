using System.Text;

namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>A request as its bytes arrived.</summary>
internal sealed record RawRequest(string Head, byte[] Body)
{
    private string[] Lines => Head.Split("\r\n");

    /// <summary>The request target, as it was sent.</summary>
    public string Target => Lines[0].Split(' ')[1];

    public IEnumerable<string> Values(string header) =>
        Lines
            .Skip(1)
            .Where(line => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(header.Length + 1)..].Trim());

    /// <summary>Everything that arrived, one character a byte.</summary>
    public override string ToString() => Head + "\r\n\r\n" + Encoding.Latin1.GetString(Body);
}
