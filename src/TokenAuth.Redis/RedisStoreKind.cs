using Microsoft.Extensions.Configuration;

namespace TokenAuth;

/// <summary>The Redis store as it is registered.</summary>
internal static class RedisStoreKind
{
    private const string Configuration = nameof(Configuration);

    public static readonly StoreKind<RedisTokenStoreOptions> Kind = new()
    {
        Name = "Redis",
        Settings = StoreSettings.With(
            (Configuration, SettingType.Text),
            (nameof(RedisTokenStoreOptions.KeyPrefix), SettingType.Text)
        ),
        Address = new StoreAddress(
            Configuration,
            "write the server as StackExchange.Redis reads it, for example redis:6379,ssl=true"
        ),
        Bind = static (section, options) => section.Bind(options),
        Validator = new RedisTokenStoreOptionsValidator(),
        Create = static (address, options, time, logs) => new RedisTokenStore(address, options, time, logs),
    };
}
