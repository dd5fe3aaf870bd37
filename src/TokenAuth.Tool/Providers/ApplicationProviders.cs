using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tool;

/// <summary>The application's providers, each of which may be wrong by itself, over its one store.</summary>
internal sealed class ApplicationProviders : IAsyncDisposable
{
    private readonly List<ProviderScope> _scopes = [];

    private ApplicationProviders(ApplicationSettings settings, ApplicationStore store) =>
        (Settings, Store) = (settings, store);

    public ApplicationSettings Settings { get; }

    public ApplicationStore Store { get; }

    public IReadOnlyList<ProviderScope> All => _scopes;

    /// <param name="name">The only provider that is wanted; all when null.</param>
    /// <param name="warnings">Where the library's warnings are said; nowhere when null.</param>
    /// <exception cref="ToolException">The settings cannot be read, or nobody has the name.</exception>
    public static ApplicationProviders Open(SettingsRequest request, string? name, Terminal? warnings = null)
    {
        var settings = ApplicationSettings.ReadFrom(request);
#pragma warning disable CA2000 // each container disposes the log, and this object the store
        var log = new WarningLog(warnings);
        var parts = Parts(settings);
        var wanted = name is null ? parts : [Named(name, parts)];

        var store = ApplicationStore.Of(settings, StoreOption.IsNone(request.Store), log);
#pragma warning restore CA2000
        var providers = new ApplicationProviders(settings, store);
        foreach (var part in wanted)
            providers._scopes.Add(new ProviderScope(part, settings, store.Store, log));

        return providers;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var scope in _scopes)
            await scope.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
    }

    private static List<IConfigurationSection> Parts(ApplicationSettings settings)
    {
        var section = new ProviderSection(settings.Section);
        using var services = new ServiceCollection().AddTokenAuth().Services.BuildServiceProvider();

        return section.Error(services.GetServices<IProviderKind>()) is { } error
            ? throw new ToolException($"{error} {MissingSection.Hint(settings)}", ExitStatus.Failed)
            :
            [
                .. settings
                    .Section.GetChildren()
                    .Where(child => !string.Equals(child.Path, section.Store?.Path, StringComparison.OrdinalIgnoreCase))
                    .OrderBy(child => child.Key, StringComparer.OrdinalIgnoreCase),
            ];
    }

    private static IConfigurationSection Named(string name, List<IConfigurationSection> parts) =>
        parts.FirstOrDefault(part => string.Equals(part.Key, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ToolException(
            $"No token provider is named '{SecretText.Shown(name)}'; "
                + (
                    parts.Count == 0
                        ? "the section has none."
                        : $"the section has {string.Join(", ", parts.Select(part => $"'{part.Key}'"))}."
                ),
            ExitStatus.Usage
        );
}
