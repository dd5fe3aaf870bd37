using Microsoft.Extensions.Configuration;

namespace TokenAuth;

/// <summary>The PostgreSQL store as it is registered.</summary>
internal static class PostgresStoreKind
{
    private const string ConnectionString = nameof(ConnectionString);

    public static readonly StoreKind<PostgresTokenStoreOptions> Kind = new()
    {
        Name = "Postgres",
        Settings = StoreSettings.With(
            (ConnectionString, SettingType.Text),
            (nameof(PostgresTokenStoreOptions.Schema), SettingType.Text),
            (nameof(PostgresTokenStoreOptions.Table), SettingType.Text),
            (nameof(PostgresTokenStoreOptions.TableOwner), SettingType.Text),
            (nameof(PostgresTokenStoreOptions.Timeout), SettingType.Duration)
        ),
        Address = new StoreAddress(
            ConnectionString,
            "write the database as Npgsql reads it, for example Host=db;Database=tokens;Username=app"
        ),
        Bind = static (section, options) => section.Bind(options),
        Validator = new PostgresTokenStoreOptionsValidator(),
        Create = static (address, options, time, logs) => new PostgresTokenStore(address, options, time, logs),
    };
}
