using Microsoft.Extensions.Configuration;

namespace TokenAuth.Tool;

/// <summary>
/// <c>--store</c>, for an application that registers its store in code: as settings, beside which those of the section stay. It names
/// settings that have the secrets, and takes none.
/// </summary>
internal static class StoreOption
{
    public const string None = "none";

    /// <summary>Null when the option is not there.</summary>
    /// <exception cref="ToolException">It cannot be understood.</exception>
    public static Dictionary<string, string?>? Settings(SettingsRequest request, IConfiguration configuration)
    {
        if (request.StoreKeyFrom is not null && (request.Store is null || IsNone(request.Store)))
            throw new ToolException(
                "--store-key-from is for the store that --store names, and --store names none. Add --store, or leave --store-key-from out: a store in the settings has its own EncryptionKey.",
                ExitStatus.Usage
            );
        if (request.Store is not { } store || IsNone(store))
            return null;

        var parts = store.Split(':', 2);
        var (kind, place) = (parts[0], parts.Length == 2 ? parts[1] : "");
        var path = $"{request.Section}:Store";
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { [$"{path}:Kind"] = kind };
        if (place.Length > 0)
            settings[$"{path}:{SettingOf(kind)}"] = IsFile(kind)
                ? place
                : Value("--store", place, configuration, "Postgres:ConnectionStrings:Tokens");
        if (request.StoreKeyFrom is { } key)
            settings[$"{path}:EncryptionKey"] = Value("--store-key-from", key, configuration, "TokenStore:Key");

        return settings;
    }

    /// <summary>True when the command is to work without the application's store.</summary>
    public static bool IsNone(string? store) => string.Equals(store, None, StringComparison.OrdinalIgnoreCase);

    private static string SettingOf(string kind) =>
        IsFile(kind) ? "Directory"
        : string.Equals(kind, "Postgres", StringComparison.OrdinalIgnoreCase) ? "ConnectionString"
        : string.Equals(kind, "Redis", StringComparison.OrdinalIgnoreCase) ? "Configuration"
        : throw new ToolException(
            $"--store {SecretText.Described(kind)}; write File:<folder>, Postgres:<name of a setting>, Redis:<name of a setting> or none.",
            ExitStatus.Usage
        );

    private static string Value(string option, string name, IConfiguration configuration, string example) =>
        configuration[name] is { Length: > 0 } value
            ? value
            : throw new ToolException(
                $"{option} takes the name of a setting that has the secret, for example {example}, and no setting has the name that was given.",
                ExitStatus.Usage
            );

    private static bool IsFile(string kind) => string.Equals(kind, "File", StringComparison.OrdinalIgnoreCase);
}
