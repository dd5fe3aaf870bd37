using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>A kind of provider: what configuration calls it, what its settings are, and how one is made.</summary>
internal sealed class ProviderKind<TOptions> : IProviderKind
    where TOptions : class, new()
{
    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, SettingType> Settings { get; init; }

    /// <summary>Reads the settings. A lambda a kind, because the generated binding needs the type.</summary>
    public required Action<IConfiguration, TOptions> Bind { get; init; }

    /// <summary>Tells the options their provider's name, and what stands before a setting in a message.</summary>
    public required Action<TOptions, string, string> Identify { get; init; }

    public required IValidateOptions<TOptions> Validator { get; init; }

    public string OptionsName => typeof(TOptions).Name;

    public Func<CredentialPlace, string?> PlaceError { get; init; } = _ => null;

    /// <inheritdoc cref="PreparedProvider.DoubtOf"/>
    public Func<TOptions, IReadOnlyCollection<CredentialPlace>, string?> PlaceDoubt { get; init; } = (_, _) => null;

    /// <summary>The services that a credential is for, in the place where it goes; the options may be wrong otherwise.</summary>
    public Func<TOptions, CredentialPlace, ITokenAudience?> Audience { get; init; } = (_, _) => null;

    public required Func<TOptions, TOptions, bool> IsSame { get; init; }

    /// <summary>Makes what a provider keeps over the changes of its options, and then one provider for each change.</summary>
    public required Func<IServiceProvider, Func<TOptions, ITokenProvider>> Creation { get; init; }

    public void AddTo(IServiceCollection services)
    {
        if (services.Any(service => ReferenceEquals(service.ImplementationInstance, this)))
            return;

        services.AddSingleton<IProviderKind>(this);
        services.TryAddSingleton<NamedOptions<TOptions>>();
        services.TryAddSingleton<SettingChanges<TOptions>>();
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new KindOptionsValidator<TOptions>(
            this,
            provider
        ));
        services.AddSingleton<IConfigureOptions<TOptions>>(OfSections);
        services.AddSingleton<IPostConfigureOptions<TOptions>>(OfSections);
    }

    public bool IsConfiguredWithoutName(IServiceProvider services) =>
        services
            .GetServices<IConfigureOptions<TOptions>>()
            .OfType<ConfigureNamedOptions<TOptions>>()
            .Any(configure => configure.Name is "");

    public Func<CredentialPlace, ITokenAudience?> AudienceOf(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<NamedOptions<TOptions>>().Read(name);

        return place => Audience(options, place);
    }

    public TokenProviderRegistration Register(string name, IConfigurationSection? section = null) =>
        new(name, services => Prepare(services, name, section))
        {
            Kind = this,
            Section = section is null ? null : SecretText.ShownPath(section.Path),
        };

    private PreparedProvider Prepare(IServiceProvider services, string name, IConfigurationSection? section)
    {
        var options = services.GetRequiredService<NamedOptions<TOptions>>();
        var changes = services.GetRequiredService<SettingChanges<TOptions>>();
        var settings = new WatchedSettings<TOptions>(() => options.Create(name), changes.Of(name, section));

        return new(() =>
            new ReloadingTokenProvider<TOptions>(
                name,
                settings,
                IsSame,
                Creation(services),
                services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenAuth.Reload")
            )
        )
        {
            DoubtOf = places => PlaceDoubt(settings.Initial, places),
        };
    }

    private SectionOptions<TOptions> OfSections(IServiceProvider services) =>
        new(this, services.GetServices<ProviderSection>(), services.GetServices<IProviderKind>());
}
