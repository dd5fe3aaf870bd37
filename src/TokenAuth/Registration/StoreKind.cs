using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>A kind of token store: what configuration calls it, what its settings are, and how one is made and registered.</summary>
internal sealed class StoreKind<TOptions> : IStoreKind
    where TOptions : TokenStoreOptions, new()
{
    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, SettingType> Settings { get; init; }

    /// <summary>Null where the options say all.</summary>
    public StoreAddress? Address { get; init; }

    /// <summary>Reads the settings. A lambda a kind, because the generated binding needs the type.</summary>
    public required Action<IConfiguration, TOptions> Bind { get; init; }

    public required IValidateOptions<TOptions> Validator { get; init; }

    /// <summary>Makes the store at an address, which is empty where the options say all.</summary>
    public required Func<string, TOptions, TimeProvider?, ILoggerFactory?, ITokenStore> Create { get; init; }

    /// <summary>Lets the sections of a container say this kind. Once, however often it is called.</summary>
    public TokenAuthBuilder UseOfSection(TokenAuthBuilder builder)
    {
        if (!builder.Services.Any(service => ReferenceEquals(service.ImplementationInstance, this)))
            builder.Services.AddSingleton<IStoreKind>(this);
        builder.Services.AddStoreCheck();

        return builder;
    }

    /// <summary>Registers a store whose address and options code says.</summary>
    public TokenAuthBuilder Use(TokenAuthBuilder builder, string address, Action<TOptions>? configure) =>
        Use(builder, configure, (options, time, logs) => Create(address, options, time, logs));

    /// <summary>The same with another way to make the store, such as over the application's own connection.</summary>
    public TokenAuthBuilder Use(
        TokenAuthBuilder builder,
        Action<TOptions>? configure,
        Func<TOptions, TimeProvider?, ILoggerFactory?, ITokenStore> create
    )
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));

        var services = builder.Services;
        services.AddOptions<TOptions>().Configure(configure ?? (_ => { }));
        services.TryAddEnumerable(ServiceDescriptor.Singleton(Validator));
        services.AddSingleton(new StoreCheck(Errors));
        services.AddStore(provider =>
            create(
                provider.GetRequiredService<IOptions<TOptions>>().Value,
                provider.GetService<TimeProvider>(),
                provider.GetService<ILoggerFactory>()
            )
        );

        return builder;
    }

    IEnumerable<string> IStoreKind.Errors(IConfigurationSection section)
    {
        // The path of a setting stands in a message instead of its property.
        var property = typeof(TOptions).Name + ".";
        var errors = (Validator.Validate(name: null, Read(section)).Failures ?? []).Select(error =>
            error.StartsWith(property, StringComparison.Ordinal) ? $"{section.Path}:{error[property.Length..]}" : error
        );

        return Address is { } address && string.IsNullOrWhiteSpace(section[address.Setting])
            ? [$"{section.Path}:{address.Setting} is missing; {address.Remedy}.", .. errors]
            : errors;
    }

    ITokenStore IStoreKind.Create(IServiceProvider services, IConfigurationSection section) =>
        Create(
            Address is null ? "" : section[Address.Setting]!,
            Read(section),
            services.GetService<TimeProvider>(),
            services.GetService<ILoggerFactory>()
        );

    private static IEnumerable<string> Errors(IServiceProvider services)
    {
        try
        {
            _ = services.GetRequiredService<IOptions<TOptions>>().Value;

            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return wrong.Failures;
        }
    }

    private TOptions Read(IConfigurationSection section)
    {
        var options = new TOptions();
        Bind(section, options);

        return options;
    }
}
