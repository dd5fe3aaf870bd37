using System.Text.Json;

namespace TokenAuth.Tool;

/// <summary>One place that settings come from.</summary>
internal abstract record SettingLayer(string Name)
{
    /// <summary>The place of one value, as a person finds it.</summary>
    public abstract string PlaceOf(string key);

    /// <summary>A JSON file.</summary>
    internal sealed record JsonFile(string Name, string Path) : SettingLayer(Name)
    {
        private Dictionary<string, int>? _lines;

        public override string PlaceOf(string key) =>
            (_lines ??= Lines()).TryGetValue(key, out var line)
                ? FormattableString.Invariant($"{Name} line {line}")
                : Name;

        private Dictionary<string, int> Lines()
        {
            try
            {
                ReadOnlySpan<byte> json = File.ReadAllBytes(Path);

                return JsonLines.Of(json.StartsWith("\uFEFF"u8) ? json[3..] : json);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
            {
                return []; // it changed since it was read
            }
        }
    }

    /// <summary>The environment variables of this process.</summary>
    internal sealed record Variables() : SettingLayer("environment variables")
    {
        public override string PlaceOf(string key)
        {
            var name = Environment
                .GetEnvironmentVariables()
                .Keys.Cast<string>()
                .FirstOrDefault(name =>
                    string.Equals(
                        name.Replace("__", ":", StringComparison.Ordinal),
                        key,
                        StringComparison.OrdinalIgnoreCase
                    )
                );

            return $"environment variable {name}";
        }
    }

    /// <summary>An option of this command.</summary>
    internal sealed record Option(string Name) : SettingLayer(Name)
    {
        public override string PlaceOf(string key) => Name;
    }
}
