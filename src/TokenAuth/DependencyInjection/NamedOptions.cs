using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The options of one provider, made and checked on demand.</summary>
internal static class NamedOptions
{
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static TOptions Create<TOptions>(IServiceProvider services, string name)
        where TOptions : class, new() => services.GetRequiredService<IOptionsFactory<TOptions>>().Create(name);

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
            .Where(source => string.Equals(source.Name, name, StringComparison.Ordinal))
            .Select(source => (Func<IChangeToken>)source.GetChangeToken);
        if (section is not null)
            tokens = tokens.Append(section.GetReloadToken);

        return tokens.Select(token => (Func<Action, IDisposable>)(reload => ChangeToken.OnChange(token, reload)));
    }

    public static ILogger Logger(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenAuth.Reload");
}
