using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>An endpoint of Speech tokens as it is registered.</summary>
internal static class SpeechTokenEndpointKind
{
    public static readonly ProviderKind<SpeechTokenEndpointClientOptions> Kind = new()
    {
        Name = "SpeechTokenEndpoint",
        Settings = ProviderSettings.Named(
            (nameof(SpeechTokenEndpointClientOptions.Address), SettingType.Address),
            (nameof(SpeechTokenEndpointClientOptions.Region), SettingType.Text),
            (nameof(SpeechTokenEndpointClientOptions.HttpClientName), SettingType.Text),
            (nameof(SpeechTokenEndpointClientOptions.AllowHttp), SettingType.Switch)
        ),
        Bind = static (section, options) => section.Bind(options),
        Identify = static (options, name, prefix) => (options.ProviderName, options.SettingPrefix) = (name, prefix),
        Validator = new SpeechTokenEndpointClientOptionsValidator(),
        PlaceError = SpeechTokenEndpointPlaces.ErrorOf,
        Audience = static (options, _) => new SpeechTokenEndpointAudience(options),
        IsSame = static (a, b) => a.IsSameAs(b),
        Creation = static services =>
            options => new SpeechTokenEndpointProvider(
                options,
                ProviderServices.InMemory(services, ClientNamed(options.HttpClientName, services))
            ),
    };

    // The application's own, which signs in.
    private static Func<HttpClient>? ClientNamed(string? name, IServiceProvider services)
    {
        if (name is null)
            return null;

        var factory = services.GetRequiredService<IHttpClientFactory>();

        return () => factory.CreateClient(name);
    }
}
