using Microsoft.Extensions.Configuration;

namespace TokenAuth.Tool;

/// <summary>A setting as it may be shown: only what is known to be no secret in full.</summary>
internal sealed record ShownSetting
{
    private static readonly string[] _words =
    [
        "Provider",
        "Kind",
        "Region",
        "Scope",
        "Form",
        "AllowHttp",
        "AllowUnencrypted",
        "AssumedLifetime",
        "ReuseFor",
        "Timeout",
        "HttpClientName",
        "Schema",
        "Table",
        "TableOwner",
        "KeyPrefix",
    ];
    private static readonly string[] _addresses = ["TokenEndpoint", "Endpoint", "Address"];
    private static readonly string[] _texts = ["Directory", "ResourceId"];

    /// <summary>The key below the provider.</summary>
    public required string Name { get; init; }

    /// <summary>The value, or its length and fingerprint.</summary>
    public required string Shown { get; init; }

    public required bool IsSecret { get; init; }

    public required string? From { get; init; }

    /// <summary>Places that have the key too, and are not heard.</summary>
    public required IReadOnlyList<string> Overridden { get; init; }

    /// <summary>Every setting below a section.</summary>
    public static IReadOnlyList<ShownSetting> Below(IConfigurationSection section, ApplicationSettings settings) =>
        [
            .. section
                .AsEnumerable()
                .Where(pair => pair.Value is not null && pair.Key.Length > section.Path.Length)
                .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
                .Select(pair => Of(pair.Key, pair.Key[(section.Path.Length + 1)..], pair.Value!, settings)),
        ];

    private static ShownSetting Of(string key, string name, string value, ApplicationSettings settings)
    {
        var shown = InClear(name, value);
        var places = settings.Places(key).ToList();

        return new ShownSetting
        {
            Name = name,
            Shown = shown ?? Fingerprint.Describe(value),
            IsSecret = shown is null,
            From = places.FirstOrDefault(),
            Overridden = [.. places.Skip(1)],
        };
    }

    // A secret is often found in the place of another setting.
    private static string? InClear(string name, string value) =>
        value.Length == 0 ? "empty"
        : Is(_words, name) ? (SecretText.IsWord(value) || TimeSpan.TryParse(value, out _) ? value : null)
        : SecretText.IsLikely(value) ? null
        : Is(_texts, name) ? value
        : Is(_addresses, name) ? (Uri.TryCreate(value, UriKind.Absolute, out var uri) ? SettingError.Shown(uri) : null)
        : Is(["ClientId"], name) && IsVkCloudId(value) ? value
        : null;

    // "mcs….voice.…"; a client secret has no dots.
    private static bool IsVkCloudId(string value) =>
        value.StartsWith("mcs", StringComparison.Ordinal) && value.Count(c => c == '.') >= 2;

    private static bool Is(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
