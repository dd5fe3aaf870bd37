using System.Globalization;
using System.Text.Json;

namespace TokenAuth;

/// <summary>Reads values whose JSON type endpoints do not agree on. An unreadable value is absent, never an exception.</summary>
internal static class JsonValue
{
    /// <summary>A string that is not empty; null otherwise.</summary>
    public static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Unescaped(() => value.GetString()) is { Length: > 0 } text
            ? text
            : null;

    /// <summary>A positive number of seconds, written as a number or a string; null otherwise.</summary>
    public static double? Seconds(JsonElement value)
    {
        double seconds;
        var isNumber =
            value.ValueKind == JsonValueKind.Number
                ? value.TryGetDouble(out seconds)
                : double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out seconds);

        return isNumber && seconds > 0 ? seconds : null; // NaN is not
    }

    /// <summary>The names in a scope that is an object, an array, or a text with spaces (RFC 6749 section 3.3).</summary>
    public static IReadOnlyCollection<string> Names(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => [.. value.EnumerateObject().Select(Name).OfType<string>()],
            JsonValueKind.Array => [.. value.EnumerateArray().Select(Text).OfType<string>()],
            JsonValueKind.String => Text(value)?.Split([' '], StringSplitOptions.RemoveEmptyEntries) ?? [],
            _ => [],
        };

    /// <summary>The first member of this name; null when there is none or the value is no object.</summary>
    public static JsonElement? Member(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;

        foreach (var member in value.EnumerateObject())
            if (string.Equals(Name(member), name, StringComparison.Ordinal))
                return member.Value;

        return null;
    }

    /// <summary>A member's name; null when it is no text.</summary>
    public static string? Name(JsonProperty member) => Unescaped(() => member.Name);

    /// <summary>True when the name or string that was just read is this one.</summary>
    public static bool IsText(in Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        try
        {
            return reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // "\ud800", half a surrogate pair, is valid JSON and no text.
    private static string? Unescaped(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
