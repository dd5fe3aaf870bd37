using Spectre.Console;

namespace TokenAuth.Tool;

/// <summary>Prints which application was looked at, and where its settings and grants are.</summary>
internal sealed class SettingsHeader(IAnsiConsole console, ApplicationProviders providers)
{
    private static readonly Style _dim = new(decoration: Decoration.Dim);

    public void Write()
    {
        var settings = providers.Settings;
        console.Write(
            Line.Of(("settings  ", _dim), ($"{string.Join(", ", settings.Sources)} of {settings.Project.Path}", null))
        );
        console.Write(
            Line.Of(
                ("          ", _dim),
                ($"environment {settings.Environment.Name} ({settings.Environment.From})", null)
            )
        );
        console.Write(Line.Of(("store     ", _dim), (Store(), null)));
    }

    private string Store() =>
        providers.Store.Section is not { } section
            ? "none (name it in TokenAuth:Store or with --store); fetched tokens are not kept"
            : $"{SecretText.Shown(providers.Store.Kind ?? "")}, set by {providers.Settings.PlaceOf(section.Path + ":Kind") ?? "nothing"}";
}
