using Spectre.Console;

namespace TokenAuth.Tool;

/// <summary>A line of pieces, each in its style.</summary>
internal static class Line
{
    public static Paragraph Of(params (string Text, Style? Style)[] pieces)
    {
        var line = new Paragraph();
        foreach (var (text, style) in pieces)
            line.Append(PlainText.Of(text), style);

        return line.Append("\n");
    }
}
