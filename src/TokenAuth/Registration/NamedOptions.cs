using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace TokenAuth;

/// <summary>The options of one provider, made and checked on demand.</summary>
internal static class NamedOptions
{
    /// <summary>
    /// What IOptionsFactory does, but names ignore case: one from an environment variable arrives in upper case where the
    /// application's <c>Configure("voice", …)</c> is in lower case.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static TOptions Create<TOptions>(IServiceProvider services, string name)
        where TOptions : class, new()
    {
        var options = new TOptions();

        foreach (
            var configure in services
                .GetServices<IConfigureOptions<TOptions>>()
                .OfType<IConfigureNamedOptions<TOptions>>()
        )
        foreach (var spelling in Spellings<TOptions>(configure, name))
            configure.Configure(spelling, options);
        foreach (var configure in services.GetServices<IPostConfigureOptions<TOptions>>())
        foreach (var spelling in Spellings<TOptions>(configure, name))
            configure.PostConfigure(spelling, options);

        var faults = services
            .GetServices<IValidateOptions<TOptions>>()
            .Select(validate => Validate(validate, name, options))
            .SelectMany(result => result?.Failures ?? [])
            .Distinct(StringComparer.Ordinal)
            .ToList();

        return faults.Count == 0 ? options : throw new OptionsValidationException(name, typeof(TOptions), faults);
    }

    // What the application configures is applied once, under whichever spelling it has.
    private static string[] Spellings<TOptions>(object configuration, string name)
        where TOptions : class =>
        configuration switch
        {
            ConfigureNamedOptions<TOptions> named => Spelling(named.Name, name),
            PostConfigureOptions<TOptions> named => Spelling(named.Name, name),

            // Those with services have one name, which cannot be read: at most one of these is it.
            _ when configuration.GetType().Assembly == typeof(ConfigureNamedOptions<>).Assembly => Spellings(name),

            _ => [name], // a type of somebody's own may be for every name
        };

    private static string[] Spelling(string? own, string name) =>
        own is null ? [name]
        : string.Equals(own, name, StringComparison.OrdinalIgnoreCase) ? [own]
        : [];

    // One that is for another name says so.
    private static ValidateOptionsResult? Validate<TOptions>(
        IValidateOptions<TOptions> validate,
        string name,
        TOptions options
    )
        where TOptions : class =>
        Spellings(name)
            .Select(spelling => validate.Validate(spelling, options))
            .FirstOrDefault(result => !result.Skipped);

    private static string[] Spellings(string name) =>
        [.. new[] { name, Lower(name), name.ToUpperInvariant() }.Distinct(StringComparer.Ordinal)];

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
