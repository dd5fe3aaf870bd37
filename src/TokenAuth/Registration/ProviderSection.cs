using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>
/// A configuration section whose children are providers. Read when the container is asked for the first provider, not when it
/// is registered: tests and hosts add configuration after that.
/// </summary>
internal sealed class ProviderSection(IConfiguration configuration)
{
    private const string KindKey = "Provider";
    private const string StoreKey = "Store";
    private const int ManyChildren = 500; // the platform reads the whole configuration for each list of children

    private readonly Lazy<string[]> _names = new(() => [.. Children(configuration).Select(child => child.Key)]);
    private HashSet<string>? _known; // benign race: equal sets

    /// <summary>The error of the section as a whole; null when there is none.</summary>
    public string? Error(IEnumerable<IProviderKind> kinds)
    {
        if (!IsSection && !_names.Value.Any(name => Kind(configuration.GetSection(name), kinds) is not null))
            return "AddTokenAuth was given the whole configuration; give it the section with the token providers: "
                + "AddTokenAuth(builder.Configuration.GetSection(\"TokenAuth\")).";
        if (IsFlat(kinds))
            return $"The settings of a token provider stand directly in the section '{Shown(configuration)}', where its name should: give "
                + "AddTokenAuth the section that has the name as a child, as "
                + "\"TokenAuth\": { \"voice\": { \"Provider\": \"VkCloud\", … } }.";

        return _names.Value.Length > 0 || Store is not null
            ? null
            : $"The configuration section '{Shown(configuration)}' has no token provider. Is the section's name "
                + $"right and its file there? Each child is one provider: its name, and below it {KindKey} and that provider's settings.";
    }

    /// <summary>True when this is the same section of the same configuration.</summary>
    public bool IsOf(IConfiguration other) =>
        string.Equals(Path(configuration), Path(other), StringComparison.OrdinalIgnoreCase)
        && ReferenceEquals(configuration.GetReloadToken(), other.GetReloadToken()); // a section does not show its root, and has its token

    public IEnumerable<TokenProviderRegistration> Registrations(IEnumerable<IProviderKind> kinds) =>
        Error(kinds) is not null
            ? []
            : _names
                .Value.Select(configuration.GetSection)
                .Select(child => Kind(child, kinds)?.Register(child.Key, child) ?? Unknown(child, kinds));

    /// <summary>The child of a provider, also when it has gone since; null when it never was this section's.</summary>
    public IConfigurationSection? Find(string? name) =>
        name is not null && Known.Contains(name) ? configuration.GetSection(name) : null;

    /// <summary>The child that names the store; null when the section has none.</summary>
    public IConfigurationSection? Store =>
        configuration.GetSection(StoreKey) is var store && IsStore(store) ? store : null;

    /// <summary>The errors of a child that is to be of this kind, one sentence each.</summary>
    public IEnumerable<string> Errors(IConfigurationSection child, IProviderKind kind, IEnumerable<IProviderKind> kinds)
    {
        if (KindError(child, kinds) is { } wrong)
            return [wrong];
        if (Kind(child, kinds) != kind)
            return [$"{Shown(child)}:{KindKey} is no longer {kind.Name}; start the application again to change it."];

        return child
            .GetChildren()
            .Where(setting => !IsKindKey(setting))
            .Select(setting =>
                SettingText.Error(setting, kind.Name, kind.Settings, _names.Value.Length <= ManyChildren)
            )
            .OfType<string>();
    }

    private bool IsSection => configuration is IConfigurationSection;

    // Of a whole configuration, which may have environment variables too, only what has something below it.
    private static IEnumerable<IConfigurationSection> Children(IConfiguration configuration) =>
        configuration is IConfigurationSection
            ? configuration.GetChildren().Where(child => !IsStore(child))
            : configuration.GetChildren().Where(child => child.Value is null && !IsStore(child));

    // A provider may have the name too.
    private static bool IsStore(IConfigurationSection child) =>
        string.Equals(child.Key, StoreKey, StringComparison.OrdinalIgnoreCase)
        && string.IsNullOrEmpty(child[KindKey])
        && child.GetChildren().Any();

    private bool IsFlat(IEnumerable<IProviderKind> kinds) =>
        IsSection
        && configuration
            .GetChildren()
            .Any(child =>
                child.Value is not null && (IsKindKey(child) || kinds.Any(kind => kind.Settings.ContainsKey(child.Key)))
            );

    private HashSet<string> Known => _known ??= new(_names.Value, StringComparer.OrdinalIgnoreCase);

    private static string? Path(IConfiguration configuration) => (configuration as IConfigurationSection)?.Path;

    private static string? Shown(IConfiguration configuration) =>
        Path(configuration) is { } path ? SecretText.ShownPath(path) : null;

    private static IProviderKind? Kind(IConfigurationSection child, IEnumerable<IProviderKind> kinds) =>
        kinds.FirstOrDefault(kind => string.Equals(kind.Name, child[KindKey], StringComparison.OrdinalIgnoreCase));

    private static TokenProviderRegistration Unknown(IConfigurationSection child, IEnumerable<IProviderKind> kinds) =>
        new(
            child.Key,
            _ =>
                throw new OptionsValidationException(
                    child.Key,
                    typeof(IProviderKind),
                    [
                        KindError(child, kinds)
                            ?? $"{Shown(child)}:{KindKey} changed while the application started; start it again.",
                    ]
                )
        )
        {
            Section = Shown(child),
        };

    private static string? KindError(IConfigurationSection child, IEnumerable<IProviderKind> kinds)
    {
        if (Kind(child, kinds) is not null)
            return null;

        var names = kinds.Select(kind => kind.Name).ToList();
        var given = child[KindKey];

        return string.IsNullOrEmpty(given)
            ? $"{Shown(child)}:{KindKey} is missing; write {SettingText.Listing(names, "or")}."
            : $"{Shown(child)}:{KindKey} {(SecretText.IsWord(given!) ? $"is '{given}', which is" : "is")} no provider that is known; "
                + (
                    names.Find(name => given!.StartsWith(name, StringComparison.OrdinalIgnoreCase)) is { } begin
                        ? $"write {begin}, or call the method of the package that brings this kind (of TokenAuth.Azure, UseAzureCredential)."
                    : SimilarName.Of(given!, names) is { } meant ? $"did you mean {meant}?"
                    : $"write {SettingText.Listing(names, "or")}."
                );
    }

    private static bool IsKindKey(IConfigurationSection setting) =>
        string.Equals(setting.Key, KindKey, StringComparison.OrdinalIgnoreCase);
}
