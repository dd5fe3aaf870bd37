using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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

    public required Func<TOptions, TOptions, bool> IsSame { get; init; }

    /// <summary>Makes what a provider keeps over the changes of its options, and then one provider for each change.</summary>
    public required Func<IServiceProvider, Func<TOptions, ITokenProvider>> Creation { get; init; }

    public void AddTo(IServiceCollection services)
    {
        if (services.Any(service => ReferenceEquals(service.ImplementationInstance, this)))
            return;

        services.AddSingleton<IProviderKind>(this);
        services.TryAddEnumerable(ServiceDescriptor.Singleton(Validator));
        services.AddSingleton<IConfigureOptions<TOptions>>(OfSections);
        services.AddSingleton<IPostConfigureOptions<TOptions>>(OfSections);
    }

    public TokenProviderRegistration Register(string name, IConfigurationSection? section = null) =>
        new(
            name,
            services => NamedOptions.Faults<TOptions>(services, name),
            services => new ReloadingTokenProvider<TOptions>(
                name,
                () => NamedOptions.Create<TOptions>(services, name),
                IsSame,
                Creation(services),
                NamedOptions.Watches<TOptions>(services, name, section),
                NamedOptions.Logger(services)
            )
        )
        {
            Section = section?.Path,
            IsReloading = true,
        };

    private SectionOptions<TOptions> OfSections(IServiceProvider services) =>
        new(this, services.GetServices<ProviderSection>(), services.GetServices<IProviderKind>());
}
