using Spectre.Console;

namespace TokenAuth.Tool;

/// <summary>A finding as two columns: how much it matters, and the sentences.</summary>
internal static class FindingText
{
    private static readonly Style _dim = new(decoration: Decoration.Dim);

    public static void Write(IAnsiConsole console, Finding finding)
    {
        var colour = finding.Severity switch
        {
            TokenFindingSeverity.Error => Color.Red,
            TokenFindingSeverity.Warning => Color.Yellow,
            _ => Color.Blue,
        };
        string[] sentences = finding.Remedy.Length > 0 ? [finding.Message, finding.Remedy] : [finding.Message];
        Write(console, (finding.Word, colour), [.. sentences.Select(Plain), new Text($"See {finding.See}", _dim)]);
    }

    public static void WriteWell(IAnsiConsole console, string sentence) =>
        Write(console, ("ok", Color.Green), [Plain(sentence)]);

    private static void Write(IAnsiConsole console, (string Text, Color Colour) word, Text[] sentences)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(1).Width(7))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        for (var at = 0; at < sentences.Length; at++)
            grid.AddRow(at == 0 ? new Text(word.Text, new Style(word.Colour)) : Text.Empty, sentences[at]);
        console.Write(grid);
    }

    private static Text Plain(string text) => new(PlainText.Of(text));
}
