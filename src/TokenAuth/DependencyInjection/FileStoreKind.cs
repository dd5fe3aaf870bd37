using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The file store as a configuration section says it.</summary>
internal static class FileStoreKind
{
    public static readonly StoreKind Kind = new()
    {
        Name = "File",
        Settings = ProviderSettings.Named(
            (nameof(FileTokenStoreOptions.Directory), SettingType.Text),
            (nameof(FileTokenStoreOptions.EncryptionKey), SettingType.Text),
            (nameof(FileTokenStoreOptions.PreviousEncryptionKeys), SettingType.List),
            (nameof(FileTokenStoreOptions.AllowUnencrypted), SettingType.Switch)
        ),
        Create = static (services, section) =>
        {
            var options = new FileTokenStoreOptions();
            section.Bind(options);

            return new FileTokenStore(
                StoreKind.Checked(section, options, new FileTokenStoreOptionsValidator()),
                services.GetService<TimeProvider>(),
                services.GetService<ILoggerFactory>()
            );
        },
    };
}
