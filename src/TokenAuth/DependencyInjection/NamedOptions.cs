using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The options of one provider, made and checked on demand.</summary>
internal static class NamedOptions
{
    /// <summary>
    /// What IOptionsFactory does, but for each usual spelling of the name: names ignore case, and one from an environment variable
    /// arrives in upper case where the application's <c>Configure("voice", …)</c> is in lower case.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static TOptions Create<TOptions>(IServiceProvider services, string name)
        where TOptions : class, new()
    {
        var options = new TOptions();
        var spellings = Spellings(name);

        foreach (
            var configure in services
                .GetServices<IConfigureOptions<TOptions>>()
                .OfType<IConfigureNamedOptions<TOptions>>()
        )
        foreach (var spelling in configure is SectionOptions<TOptions> ? [name] : spellings)
            configure.Configure(spelling, options);
        foreach (var configure in services.GetServices<IPostConfigureOptions<TOptions>>())
        foreach (var spelling in configure is SectionOptions<TOptions> ? [name] : spellings)
            configure.PostConfigure(spelling, options);

        var faults = services
            .GetServices<IValidateOptions<TOptions>>()
            .SelectMany(validate => spellings.Select(spelling => validate.Validate(spelling, options)))
            .SelectMany(result => result.Failures ?? [])
            .Distinct(StringComparer.Ordinal)
            .ToList();

        return faults.Count == 0 ? options : throw new OptionsValidationException(name, typeof(TOptions), faults);
    }

    // As it was registered last: that spelling wins, and is the one in messages.
    private static string[] Spellings(string name) =>
        [.. new[] { Lower(name), name.ToUpperInvariant() }.Where(other => other != name).Append(name)];

#pragma warning disable CA1308 // not for comparing: the other spelling that people write
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    public static IEnumerable<string> Faults<TOptions>(IServiceProvider services, string name)
        where TOptions : class, new()
    {
        try
        {
            Create<TOptions>(services, name);

            return [];
        }
        catch (OptionsValidationException exception)
        {
            return exception.Failures;
        }
    }

    // IOptionsMonitor would throw a failed validation into the application's Reload(); for the same reason no change token source is
    // registered for a section, which an IOptionsMonitor anywhere in the application would listen to.
    public static IEnumerable<Func<Action, IDisposable>> Watches<TOptions>(
        IServiceProvider services,
        string name,
        IConfigurationSection? section
    )
    {
        var tokens = services
            .GetServices<IOptionsChangeTokenSource<TOptions>>()
            .Where(source => string.Equals(source.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(source => (Func<IChangeToken>)source.GetChangeToken);
        if (section is not null)
            tokens = tokens.Append(section.GetReloadToken);

        return tokens.Select(token => (Func<Action, IDisposable>)(reload => ChangeToken.OnChange(token, reload)));
    }

    public static ILogger Logger(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenAuth.Reload");
}
