using System.Globalization;
using System.Security;
using System.Text;

namespace TokenAuth.IntegrationTests.Samples;

/// <summary>What a sample printed, as a picture for the documentation: in a temporary folder unless <c>TOKENAUTH_SCREENSHOTS</c> names another.</summary>
internal static class TerminalPicture
{
    private const int LineHeight = 20;
    private const double CharacterWidth = 8.5;

    public static Task SaveAsync(string name, IReadOnlyList<string> lines)
    {
        var directory = Environment.GetEnvironmentVariable("TOKENAUTH_SCREENSHOTS") ?? Path.GetTempPath();

        return File.WriteAllTextAsync(Path.Combine(directory, name + ".svg"), Write(lines));
    }

    private static string Write(IReadOnlyList<string> lines)
    {
        var (width, height) = (
            40 + (int)(lines.Max(line => line.Length) * CharacterWidth),
            24 + (lines.Count * LineHeight)
        );
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
            text.Append(
                CultureInfo.InvariantCulture,
                $"""  <text x="20" y="{30 + (i * LineHeight)}" xml:space="preserve">{SecurityElement.Escape(lines[i])}</text>{'\n'}"""
            );

        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{{width}}" height="{{height}}" viewBox="0 0 {{width}} {{height}}" font-family="monospace" font-size="14">
              <style>
                rect { fill: #f6f8fa } text { fill: #1f2328 }
                @media (prefers-color-scheme: dark) { rect { fill: #151b23 } text { fill: #f0f6fc } }
              </style>
              <rect width="{{width}}" height="{{height}}" rx="8"/>
            {{text}}</svg>

            """
        );
    }
}
