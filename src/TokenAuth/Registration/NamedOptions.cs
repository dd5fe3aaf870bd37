using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>
/// Makes the options of one provider and checks them, as IOptionsFactory does, but names ignore case: one from an environment
/// variable arrives in upper case where the application's <c>Configure("voice", …)</c> is in lower case.
/// </summary>
internal sealed class NamedOptions<TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> configures,
    IEnumerable<IPostConfigureOptions<TOptions>> postConfigures,
    IEnumerable<IValidateOptions<TOptions>> validators
)
    where TOptions : class, new()
{
    private readonly NamedSteps<IConfigureNamedOptions<TOptions>> _configures = new(
        configures.OfType<IConfigureNamedOptions<TOptions>>(),
        configure => (configure as ConfigureNamedOptions<TOptions>)?.Name
    );
    private readonly NamedSteps<IPostConfigureOptions<TOptions>> _postConfigures = new(
        postConfigures,
        configure => (configure as PostConfigureOptions<TOptions>)?.Name
    );
    private readonly NamedSteps<IValidateOptions<TOptions>> _validators = new(
        validators,
        validate => (validate as ValidateOptions<TOptions>)?.Name
    );

    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public TOptions Create(string name)
    {
        var options = new TOptions();
        Configure(name, options);

        var errors = _validators
            .For(name)
            .Select(validate => Validate(validate, name, options))
            .SelectMany(result => result?.Failures ?? [])
            .Distinct(StringComparer.Ordinal)
            .ToList();

        return errors.Count == 0 ? options : throw new OptionsValidationException(name, typeof(TOptions), errors);
    }

    /// <summary>The same without the checks: what is wrong, and what comes after it, is left out.</summary>
    public TOptions Read(string name)
    {
        var options = new TOptions();
        try
        {
            Configure(name, options);
        }
        catch (OptionsValidationException)
        {
            // The section has a key or a value that cannot be read.
        }

        return options;
    }

    private void Configure(string name, TOptions options)
    {
        foreach (var configure in _configures.For(name))
        foreach (var spelling in Spellings(configure, name))
            configure.Step.Configure(spelling, options);
        foreach (var configure in _postConfigures.For(name))
        foreach (var spelling in Spellings(configure, name))
            configure.Step.PostConfigure(spelling, options);
    }

    // The application's configuration is applied once, under whichever spelling it has.
    private static string[] Spellings<TStep>(NamedStep<TStep> step, string name) =>
        step.Step switch
        {
            _ when step.Name is { } own => [own],
            ConfigureNamedOptions<TOptions> or PostConfigureOptions<TOptions> => [name], // for every name

            // Those with services have one name, which cannot be read: at most one of these is it.
            _ when step.Step!.GetType().Assembly == typeof(ConfigureNamedOptions<>).Assembly => Spellings(name),

            _ => [name], // a type of the application's may be for every name
        };

    // One that is for another name says so.
    private static ValidateOptionsResult? Validate(
        NamedStep<IValidateOptions<TOptions>> validate,
        string name,
        TOptions options
    ) =>
        Spellings(validate.Name ?? name)
            .Select(spelling => validate.Step.Validate(spelling, options))
            .FirstOrDefault(result => !result.Skipped);

    private static string[] Spellings(string name) =>
        [.. new[] { name, Lower(name), name.ToUpperInvariant() }.Distinct(StringComparer.Ordinal)];

#pragma warning disable CA1308 // not for comparing: the other spelling that people write
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
