using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>The PostgreSQL store as a configuration section says it.</summary>
internal static class PostgresStoreKind
{
    private const string ConnectionString = nameof(ConnectionString);

    public static readonly StoreKind Kind = new()
    {
        Name = "Postgres",
        Settings = ProviderSettings.Named(
            (ConnectionString, SettingType.Text),
            (nameof(PostgresTokenStoreOptions.Schema), SettingType.Text),
            (nameof(PostgresTokenStoreOptions.Table), SettingType.Text),
            (nameof(PostgresTokenStoreOptions.TableOwner), SettingType.Text),
            (nameof(PostgresTokenStoreOptions.Timeout), SettingType.Duration),
            (nameof(PostgresTokenStoreOptions.EncryptionKey), SettingType.Text),
            (nameof(PostgresTokenStoreOptions.PreviousEncryptionKeys), SettingType.List),
            (nameof(PostgresTokenStoreOptions.AllowUnencrypted), SettingType.Switch)
        ),
        Create = static (services, section) =>
        {
            var options = new PostgresTokenStoreOptions();
            section.Bind(options);

            return new PostgresTokenStore(
                StoreKind.Required(
                    section,
                    ConnectionString,
                    "write the database as Npgsql reads it, for example Host=db;Database=tokens;Username=app"
                ),
                StoreKind.Checked(section, options, new PostgresTokenStoreOptionsValidator()),
                services.GetService<TimeProvider>(),
                services.GetService<ILoggerFactory>()
            );
        },
    };
}
