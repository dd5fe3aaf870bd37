using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>The store that a configuration section says beside its providers, read once.</summary>
internal sealed class StoreSection(IEnumerable<ProviderSection> sections, IEnumerable<IStoreKind> kinds)
{
    public const string KindKey = "Kind";

    private static readonly string[] _kindsOfPackages = ["Postgres", "Redis"];

    /// <summary>Makes the store of a container; null when no section says one.</summary>
    public static readonly Func<IServiceProvider, ITokenStore> Factory = static services =>
        services.GetRequiredService<StoreSection>().Create(services)!;

    /// <summary>The path of the section; null when there is none.</summary>
    public string? Path => Section?.Path;

    private IConfigurationSection? Section =>
        sections.Select(section => section.Store).FirstOrDefault(store => store is not null);

    /// <summary>The errors of the section, one sentence each. Makes no store.</summary>
    public IEnumerable<string> Errors()
    {
        if (Section is not { } section)
            return kinds
                .Where(kind => _kindsOfPackages.Contains(kind.Name, StringComparer.Ordinal))
                .Select(SaidByNobody);
        if (Kind(section) is not { } kind)
            return [KindError(section)];

        var unreadable = section
            .GetChildren()
            .Where(setting => !string.Equals(setting.Key, KindKey, StringComparison.OrdinalIgnoreCase))
            .Select(setting => SettingText.Error(setting, kind.Name, kind.Settings))
            .OfType<string>()
            .ToList();

        return unreadable.Count > 0 ? unreadable : kind.Errors(section);
    }

    private ITokenStore? Create(IServiceProvider services)
    {
        if (Section is not { } section)
            return null;

        var errors = Errors().ToList();

        return errors.Count == 0
            ? Kind(section)!.Create(services, section)
            : throw new OptionsValidationException(section.Path, typeof(ITokenStore), errors);
    }

    private IStoreKind? Kind(IConfigurationSection section) =>
        kinds.FirstOrDefault(kind => string.Equals(kind.Name, section[KindKey], StringComparison.OrdinalIgnoreCase));

    private static string KindError(IConfigurationSection section)
    {
        var given = section[KindKey];
        string[] names = ["File", .. _kindsOfPackages];
        if (string.IsNullOrEmpty(given))
            return $"{section.Path}:{KindKey} is missing; write {SettingText.Listing(names, "or")}.";
        if (names.FirstOrDefault(name => string.Equals(name, given, StringComparison.OrdinalIgnoreCase)) is { } known)
            return known == "File"
                ? $"{section.Path}:{KindKey} is File, which needs .NET 8 or later."
                : $"{section.Path}:{KindKey} is {known}; call AddTokenAuth(…).Use{known}Store() of the package TokenAuth.{known}.";

        return $"{section.Path}:{KindKey} {(SecretText.IsWord(given!) ? $"is '{given}', which is" : "is")} no store that is known; "
            + (
                SimilarName.Of(given!, names) is { } meant
                    ? $"did you mean {meant}?"
                    : $"write {SettingText.Listing(names, "or")}."
            );
    }

    private static string SaidByNobody(IStoreKind kind) =>
        $"Use{kind.Name}Store() takes its settings from a section, and no section that AddTokenAuth was given has Store:{KindKey} = {kind.Name}.";
}
