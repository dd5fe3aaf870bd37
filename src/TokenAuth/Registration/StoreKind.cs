using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>A kind of token store as a configuration section names it: below <c>Store</c>, beside the providers.</summary>
internal sealed class StoreKind
{
    /// <summary>The value of <c>"Kind"</c>, in any case.</summary>
    public required string Name { get; init; }

    /// <summary>The keys that may stand beside <c>"Kind"</c>.</summary>
    public required IReadOnlyDictionary<string, SettingType> Settings { get; init; }

    /// <summary>Makes the store; throws an <see cref="OptionsValidationException"/> when a setting is wrong.</summary>
    public required Func<IServiceProvider, IConfigurationSection, ITokenStore> Create { get; init; }

    /// <summary>Makes it known to a container. Once, however often it is called.</summary>
    public void AddTo(IServiceCollection services)
    {
        if (!services.Any(service => ReferenceEquals(service.ImplementationInstance, this)))
            services.AddSingleton(this);
    }

    /// <summary>Good options; the path of a setting stands in a message instead of its property.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static TOptions Checked<TOptions>(
        IConfigurationSection section,
        TOptions options,
        IValidateOptions<TOptions> validator
    )
        where TOptions : class
    {
        var property = typeof(TOptions).Name + ".";
        var errors = (validator.Validate(name: null, options).Failures ?? [])
            .Select(error =>
                error.StartsWith(property, StringComparison.Ordinal)
                    ? $"{section.Path}:{error.Substring(property.Length)}"
                    : error
            )
            .ToList();

        return errors.Count == 0
            ? options
            : throw new OptionsValidationException(section.Path, typeof(TOptions), errors);
    }

    /// <summary>A text that has to be there.</summary>
    /// <exception cref="OptionsValidationException">It is missing.</exception>
    public static string Required(IConfigurationSection section, string setting, string remedy) =>
        section[setting] is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw new OptionsValidationException(
                section.Path,
                typeof(ITokenStore),
                [$"{section.Path}:{setting} is missing; {remedy}."]
            );
}
