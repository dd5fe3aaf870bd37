using Microsoft.Extensions.Configuration;

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
            var own = ProviderServices.Of(services);
            var paces = new ClientCredentialsPaces(own.Time);

            return options => new VkCloudTokenProvider(options, own, paces.For(options));
        },
    };
}
