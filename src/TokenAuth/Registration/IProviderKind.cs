using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>A kind of provider as a configuration section names it.</summary>
internal interface IProviderKind
{
    /// <summary>The value of <c>"Provider"</c>, in any case.</summary>
    string Name { get; }

    /// <summary>The name of its options' type, for messages.</summary>
    string OptionsName { get; }

    /// <summary>Says why the vendor does not take the credential in a place; null when it may.</summary>
    Func<CredentialPlace, string?> PlaceError { get; }

    /// <summary>The keys that may stand beside <c>"Provider"</c>.</summary>
    IReadOnlyDictionary<string, SettingType> Settings { get; }

    /// <summary>Makes it known to a container: to its sections, with its checks. Once, however often it is called.</summary>
    void AddTo(IServiceCollection services);

    /// <summary>True when the application configures options of this kind that have no provider's name.</summary>
    bool IsConfiguredWithoutName(IServiceProvider services);

    /// <summary>
    /// The services that a provider's credentials are for, as far as its options say it, which need not be right otherwise.
    /// </summary>
    Func<CredentialPlace, ITokenAudience?> AudienceOf(IServiceProvider services, string name);

    /// <summary>Registers a provider whose named options say the rest, and which starts anew when the section changes.</summary>
    TokenProviderRegistration Register(string name, IConfigurationSection? section = null);
}
