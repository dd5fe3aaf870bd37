using Spectre.Console;

namespace TokenAuth.Tool;

/// <summary>Settings in columns: name, value, place.</summary>
internal static class SettingTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<ShownSetting> settings)
    {
        var table = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(4).PadRight(2))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(2))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        foreach (var setting in settings)
            table.AddRow(
                new Text(PlainText.Of(setting.Name)),
                new Text(PlainText.Of(setting.Shown)),
                new Text(PlainText.Of(Place(setting)), new Style(decoration: Decoration.Dim))
            );
        console.Write(table);
    }

    private static string Place(ShownSetting setting) =>
        setting.Overridden.Count == 0
            ? setting.From ?? ""
            : $"{setting.From}, which overrides {string.Join(" and ", setting.Overridden)}";
}
