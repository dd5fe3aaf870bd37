namespace TokenAuth.Tool;

/// <summary>The person's choice of where the application's settings are.</summary>
internal sealed record SettingsRequest
{
    /// <summary>A folder or a project file; the current folder when null.</summary>
    public string? Project { get; init; }

    /// <summary>Files in place of <c>appsettings.json</c> and <c>appsettings.{Environment}.json</c>.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public string? Environment { get; init; }

    public string Section { get; init; } = "TokenAuth";

    /// <summary>The store that the application registers in code: a kind, a colon, and a folder or the name of a setting.</summary>
    public string? Store { get; init; }

    /// <summary>The name of the setting that has the store's encryption key.</summary>
    public string? StoreKeyFrom { get; init; }
}
