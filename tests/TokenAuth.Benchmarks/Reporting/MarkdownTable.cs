using System.Globalization;
using System.Text;

namespace TokenAuth.Benchmarks;

/// <summary>The table as tests/README.md shows it.</summary>
internal static class MarkdownTable
{
    public static string Write(IReadOnlyList<Row> rows)
    {
        string[] peers = [.. CallerFactory.Peers.Where(peer => rows.Any(row => row.Peers.ContainsKey(peer)))];
        var text = new StringBuilder();
        text.AppendLine(Line(["", "measure", "target", "TokenAuth", "", .. peers]));
        text.AppendLine(Line(Enumerable.Repeat("---", peers.Length + 5)));

        string? scenario = null;
        foreach (var row in rows)
        {
            var name = row.Scenario == scenario ? "" : row.Scenario;
            scenario = row.Scenario;
            text.AppendLine(
                Line([
                    name,
                    row.Measure,
                    Target(row),
                    Bold(row),
                    Verdict(row),
                    .. peers.Select(peer => Peer(row, peer)),
                ])
            );
        }

        return text.ToString();
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Target(Row row) =>
        row.Target is { } target ? $"{(target.IsLeast ? "≥" : "≤")} {Text(row, target.Value)}" : "";

    private static string Bold(Row row) => $"**{Text(row, row.TokenAuth)}**";

    private static string Verdict(Row row) =>
        row.Target is null ? ""
        : row.IsMet ? "met"
        : "missed";

    private static string Peer(Row row, string peer) =>
        row.Peers.TryGetValue(peer, out var figure) ? Text(row, figure) : "";

    private static string Text(Row row, double figure) => figure.ToString(row.Format, CultureInfo.InvariantCulture);
}
