using Microsoft.Extensions.Configuration;

namespace TokenAuth;

/// <summary>A fixed token as a configuration section says it.</summary>
internal static class StaticTokenKind
{
    public static readonly ProviderKind<StaticTokenOptions> Kind = new()
    {
        Name = "StaticToken",
        Settings = ProviderSettings.Named((nameof(StaticTokenOptions.Token), SettingType.Text)),
        Bind = static (section, options) => section.Bind(options),
        Identify = static (options, _, prefix) => options.SettingPrefix = prefix,
        Validator = new StaticTokenOptionsValidator(),
        IsSame = static (a, b) => string.Equals(a.Token, b.Token, StringComparison.Ordinal),
        Creation = static _ => options => new StaticTokenProvider(options.Token),
    };
}
