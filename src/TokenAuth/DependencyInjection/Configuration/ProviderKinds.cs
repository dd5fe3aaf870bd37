using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The kinds of provider that a configuration section may name.</summary>
internal static class ProviderKinds
{
    public static readonly ProviderKind<VkCloudOptions> VkCloud = new()
    {
        Name = nameof(VkCloud),
        Settings = Names(
            (nameof(VkCloudOptions.ClientId), SettingType.Text),
            (nameof(VkCloudOptions.ClientSecret), SettingType.Text),
            (nameof(VkCloudOptions.RefreshToken), SettingType.Text),
            (nameof(VkCloudOptions.TokenEndpoint), SettingType.Address),
            (nameof(VkCloudOptions.AssumedLifetime), SettingType.Duration)
        ),
        Bind = static (section, options) => section.Bind(options),
        Identify = static (options, name, prefix) => (options.ProviderName, options.SettingPrefix) = (name, prefix),
        IsSame = static (a, b) => a.IsSameAs(b),
        Creation = static services =>
        {
            var paces = new ClientCredentialsPaces(services.GetService<TimeProvider>() ?? TimeProvider.System);

            return options => new VkCloudTokenProvider(
                options,
                TokenClient.From(services),
                paces.For(options),
                services.GetService<TimeProvider>(),
                services.GetService<ITokenStore>(),
                services.GetService<ILoggerFactory>()
            );
        },
    };

    public static readonly ProviderKind<AzureSpeechOptions> AzureSpeech = new()
    {
        Name = nameof(AzureSpeech),
        Settings = Names(
            (nameof(AzureSpeechOptions.Region), SettingType.Text),
            (nameof(AzureSpeechOptions.SubscriptionKey), SettingType.Text),
            (nameof(AzureSpeechOptions.SecondaryKey), SettingType.Text),
            (nameof(AzureSpeechOptions.TokenEndpoint), SettingType.Address),
            (nameof(AzureSpeechOptions.ReuseFor), SettingType.Duration)
        ),
        Bind = static (section, options) => section.Bind(options),
        Identify = static (options, name, prefix) => (options.ProviderName, options.SettingPrefix) = (name, prefix),
        IsSame = static (a, b) => a.IsSameAs(b),
        Creation = static services =>
            options => new AzureSpeechTokenProvider(
                options,
                TokenClient.From(services),
                services.GetService<TimeProvider>(),
                services.GetService<ITokenStore>(),
                services.GetService<ILoggerFactory>()
            ),
    };

    public static readonly ProviderKind<StaticTokenOptions> StaticToken = new()
    {
        Name = nameof(StaticToken),
        Settings = Names((nameof(StaticTokenOptions.Token), SettingType.Text)),
        Bind = static (section, options) => section.Bind(options),
        Identify = static (options, _, prefix) => options.SettingPrefix = prefix,
        IsSame = static (a, b) => string.Equals(a.Token, b.Token, StringComparison.Ordinal),
        Creation = static _ => options => new StaticTokenProvider(options.Token),
    };

    public static readonly IReadOnlyList<IProviderKind> All = [VkCloud, AzureSpeech, StaticToken];

    private static Dictionary<string, SettingType> Names(params (string Name, SettingType Type)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => setting.Type, StringComparer.OrdinalIgnoreCase);
}
