using Microsoft.Extensions.Configuration;

namespace TokenAuth;

/// <summary>An Azure Speech resource as it is registered.</summary>
internal static class AzureSpeechKind
{
    public static readonly ProviderKind<AzureSpeechOptions> Kind = new()
    {
        Name = "AzureSpeech",
        Settings = ProviderSettings.Named(
            (nameof(AzureSpeechOptions.Region), SettingType.Text),
            (nameof(AzureSpeechOptions.Endpoint), SettingType.Address),
            (nameof(AzureSpeechOptions.SubscriptionKey), SettingType.Text),
            (nameof(AzureSpeechOptions.SecondaryKey), SettingType.Text),
            (nameof(AzureSpeechOptions.TokenEndpoint), SettingType.Address),
            (nameof(AzureSpeechOptions.Scope), SettingType.Text),
            (nameof(AzureSpeechOptions.AllowHttp), SettingType.Switch),
            (nameof(AzureSpeechOptions.ReuseFor), SettingType.Duration)
        ),
        Bind = static (section, options) => section.Bind(options),
        Identify = static (options, name, prefix) => (options.ProviderName, options.SettingPrefix) = (name, prefix),
        Validator = new AzureSpeechOptionsValidator(),
        PlaceError = AzureSpeechPlaces.ErrorOf,
        Audience = static (options, place) => new AzureSpeechAudience(options, place == CredentialPlace.KeyHeader),
        IsSame = static (a, b) => a.IsSameAs(b),
        Creation = static services =>
        {
            var own = ProviderServices.Of(services);

            return options => new AzureSpeechTokenProvider(options, own);
        },
    };
}
