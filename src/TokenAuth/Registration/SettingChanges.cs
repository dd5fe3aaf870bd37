using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace TokenAuth;

/// <summary>Finds what says that the settings of a provider may have changed.</summary>
/// <remarks>
/// IOptionsMonitor would throw a failed validation into the application's Reload(); for the same reason no change token source is
/// registered for a section, which an IOptionsMonitor anywhere in the application would listen to.
/// </remarks>
internal sealed class SettingChanges<TOptions>(IEnumerable<IOptionsChangeTokenSource<TOptions>> sources)
{
    private readonly ILookup<string, IOptionsChangeTokenSource<TOptions>> _sources = sources.ToLookup(
        source => source.Name ?? "",
        StringComparer.OrdinalIgnoreCase
    );

    /// <param name="section">The section that the provider stands in; null when code registered it.</param>
    public IReadOnlyList<Func<IChangeToken>> Of(string name, IConfigurationSection? section)
    {
        var changes = _sources[name].Select(source => (Func<IChangeToken>)source.GetChangeToken);

        return section is null ? [.. changes] : [.. changes, section.GetReloadToken];
    }
}
