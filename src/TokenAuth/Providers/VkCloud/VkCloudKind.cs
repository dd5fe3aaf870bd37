using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>A VK Cloud client as it is registered.</summary>
internal static class VkCloudKind
{
    public static readonly ProviderKind<VkCloudOptions> Kind = new()
    {
        Name = "VkCloud",
        Settings = ProviderSettings.Named(
            (nameof(VkCloudOptions.ClientId), SettingType.Text),
            (nameof(VkCloudOptions.ClientSecret), SettingType.Text),
            (nameof(VkCloudOptions.RefreshToken), SettingType.Text),
            (nameof(VkCloudOptions.TokenEndpoint), SettingType.Address),
            (nameof(VkCloudOptions.AllowHttp), SettingType.Switch),
            (nameof(VkCloudOptions.AssumedLifetime), SettingType.Duration)
        ),
        Bind = static (section, options) => section.Bind(options),
        Identify = static (options, name, prefix) => (options.ProviderName, options.SettingPrefix) = (name, prefix),
        Validator = new VkCloudOptionsValidator(),
        PlaceError = VkCloudPlaces.ErrorOf,
        PlaceDoubt = VkCloudPlaces.DoubtOf,
        Audience = static (_, _) => VkCloudAudience.Instance,
        IsSame = static (a, b) => a.IsSameAs(b),
        Creation = static services =>
        {
            var paces = new ClientCredentialsPaces(services.GetService<TimeProvider>() ?? TimeProvider.System);

            var endpoint = TokenClient.EndpointFrom(services);

            return options => new VkCloudTokenProvider(
                options,
                endpoint,
                paces.For(options),
                services.GetService<TimeProvider>(),
                services.GetService<ITokenStore>(),
                services.GetService<ILoggerFactory>()
            );
        },
    };
}
