using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Fills in a provider's named options from the section that has a child of its name.</summary>
internal sealed class SectionOptions<TOptions>(
    ProviderKind<TOptions> kind,
    IEnumerable<ProviderSection> sections,
    IEnumerable<IProviderKind> kinds
) : IConfigureNamedOptions<TOptions>, IPostConfigureOptions<TOptions>
    where TOptions : class, new()
{
    public void Configure(TOptions options) => Configure(Microsoft.Extensions.Options.Options.DefaultName, options);

    /// <exception cref="OptionsValidationException">The section has a key or a value that is wrong.</exception>
    public void Configure(string? name, TOptions options)
    {
        if (Find(name) is not var (section, child))
            return;

        var errors = section.Errors(child, kind, kinds).ToList();
        if (errors.Count > 0)
            throw new OptionsValidationException(name!, typeof(TOptions), errors);

        kind.Bind(child, options);
    }

    public void PostConfigure(string? name, TOptions options)
    {
        if (Find(name) is var (_, child))
            kind.Identify(options, name!, $"{SecretText.ShownPath(child.Path)}:");
    }

    private (ProviderSection Section, IConfigurationSection Child)? Find(string? name)
    {
        foreach (var section in sections)
            if (section.Find(name) is { } child)
                return (section, child);

        return null;
    }
}
