using Microsoft.Extensions.Configuration;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The file store as it is registered.</summary>
internal static class FileStoreKind
{
    public static readonly StoreKind<FileTokenStoreOptions> Kind = new()
    {
        Name = "File",
        Settings = StoreSettings.With((nameof(FileTokenStoreOptions.Directory), SettingType.Text)),
        Bind = static (section, options) => section.Bind(options),
        Validator = new FileTokenStoreOptionsValidator(),
        Create = static (_, options, time, logs) => new FileTokenStore(options, time, logs),
    };
}
