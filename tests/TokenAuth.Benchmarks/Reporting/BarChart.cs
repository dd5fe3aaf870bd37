using System.Globalization;
using System.Security;
using System.Text;

namespace TokenAuth.Benchmarks;

/// <summary>What one request costs, as bars on a logarithmic scale, one panel a measure.</summary>
internal static class BarChart
{
    private const int Width = 760;
    private const int NameWidth = 170;
    private const int BarWidth = 470;
    private const int BarHeight = 20;
    private const int RowHeight = 28;
    private const int TitleHeight = 44;

    // Readable on a page that follows the reader's dark mode.
    private const string Style = """
        <style>
            .page { fill: #ffffff } .text { fill: #1f2328 } .ours { fill: #1a7f37 } .other { fill: #8c959f }
            @media (prefers-color-scheme: dark) { .page { fill: #0d1117 } .text { fill: #f0f6fc } .ours { fill: #3fb950 } .other { fill: #656c76 } }
          </style>
        """;

    public static string Write(params IReadOnlyList<(string Title, double One, double ByHand, Row Row)> panels)
    {
        var text = new StringBuilder();
        var y = 12;
        foreach (var (title, one, byHand, row) in panels)
            y = Panel(text, y, title, one, Bars(row, byHand));

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{y}" viewBox="0 0 {Width} {y}" font-family="system-ui, sans-serif" font-size="14">
              {Style}
              <rect width="{Width}" height="{y}" rx="8" class="page"/>
            {text}</svg>

            """;
    }

    private static List<(string Name, double Value, string Text)> Bars(Row row, double byHand) =>
        [
            .. row
                .Peers.Append(new("TokenAuth", row.TokenAuth))
                .Append(new(CallerFactory.ByHand, byHand))
                .OrderBy(bar => bar.Value)
                .Select(bar => (bar.Key, bar.Value, bar.Value.ToString(row.Format, CultureInfo.InvariantCulture))),
        ];

    private static int Panel(
        StringBuilder text,
        int y,
        string title,
        double one,
        List<(string Name, double Value, string Text)> bars
    )
    {
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"""  <text x="20" y="{y + 20}" font-weight="600" class="text">{SecurityElement.Escape(title)}</text>"""
        );
        y += TitleHeight;

        var longest = Length(bars.Max(bar => bar.Value), one);
        foreach (var (name, value, figure) in bars)
        {
            var width = Math.Round(BarWidth * Length(value, one) / longest);
            var bar = name == "TokenAuth" ? "ours" : "other";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"""
                  <text x="{NameWidth}" y="{y + 15}" text-anchor="end" class="text">{SecurityElement.Escape(
                    name
                )}</text>
                  <rect x="{NameWidth + 12}" y="{y}" width="{Math.Max(
                    width,
                    2
                )}" height="{BarHeight}" rx="3" class="{bar}"/>
                  <text x="{NameWidth + 20 + Math.Max(width, 2)}" y="{y + 15}" class="text">{figure}</text>
                """
            );
            y += RowHeight;
        }

        return y + 8;
    }

    // The shortest bar stands for what costs nothing; figures of a hundredfold must fit beside it.
    private static double Length(double value, double one) => Math.Log10(1 + (Math.Max(value, 0) / one));
}
