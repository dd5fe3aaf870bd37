using System.CommandLine;

namespace TokenAuth.Tool;

/// <summary>The options that every command has.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> _project = new("--project")
    {
        Description = "The application's folder or project file; the current folder by default.",
        HelpName = "path",
        Recursive = true,
    };
    private readonly Option<string[]> _config = new("--config")
    {
        Description =
            "A JSON file to read in place of appsettings.json and appsettings.{Environment}.json; may be repeated.",
        HelpName = "file",
        Recursive = true,
    };
    private readonly Option<string?> _environment = new("--environment")
    {
        Description =
            "The application's environment, for example Development; by default the one that the host and 'dotnet run' use.",
        HelpName = "name",
        Recursive = true,
    };
    private readonly Option<string?> _section = new("--section")
    {
        Description = "The section that AddTokenAuth is given; TokenAuth by default.",
        HelpName = "path",
        Recursive = true,
    };
    private readonly Option<string?> _store = new("--store")
    {
        Description =
            "The store of an application that registers it in code: File:<folder>, Postgres:<name of the setting with the connection string>, "
            + "Redis:<the same>, or none to leave out the section's.",
        HelpName = "store",
        Recursive = true,
    };
    private readonly Option<string?> _storeKeyFrom = new("--store-key-from")
    {
        Description = "The name of the setting, not its value, that has the store's encryption key.",
        HelpName = "setting",
        Recursive = true,
    };
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Prints JSON for other programs.",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Add(_json);
        root.Add(_project);
        root.Add(_config);
        root.Add(_environment);
        root.Add(_section);
        root.Add(_store);
        root.Add(_storeKeyFrom);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public SettingsRequest Read(ParseResult parsed) =>
        new()
        {
            Project = parsed.GetValue(_project),
            Files = parsed.GetValue(_config) ?? [],
            Environment = parsed.GetValue(_environment),
            Section = parsed.GetValue(_section) ?? "TokenAuth",
            Store = parsed.GetValue(_store),
            StoreKeyFrom = parsed.GetValue(_storeKeyFrom),
        };
}
