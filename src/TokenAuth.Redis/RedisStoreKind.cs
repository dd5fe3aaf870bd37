using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>The Redis store as a configuration section says it.</summary>
internal static class RedisStoreKind
{
    private const string Configuration = nameof(Configuration);

    public static readonly StoreKind Kind = new()
    {
        Name = "Redis",
        Settings = ProviderSettings.Named(
            (Configuration, SettingType.Text),
            (nameof(RedisTokenStoreOptions.KeyPrefix), SettingType.Text),
            (nameof(RedisTokenStoreOptions.EncryptionKey), SettingType.Text),
            (nameof(RedisTokenStoreOptions.PreviousEncryptionKeys), SettingType.List),
            (nameof(RedisTokenStoreOptions.AllowUnencrypted), SettingType.Switch)
        ),
        Create = static (services, section) =>
        {
            var options = new RedisTokenStoreOptions();
            section.Bind(options);

            return new RedisTokenStore(
                StoreKind.Required(
                    section,
                    Configuration,
                    "write the server as StackExchange.Redis reads it, for example redis:6379,ssl=true"
                ),
                StoreKind.Checked(section, options, new RedisTokenStoreOptionsValidator()),
                services.GetService<TimeProvider>(),
                services.GetService<ILoggerFactory>()
            );
        },
    };
}
