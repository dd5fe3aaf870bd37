using System.Text.Json;

namespace TokenAuth;

/// <summary>A token endpoint's JSON object, read as tolerantly as such endpoints need: types vary, unknown members pass.</summary>
internal sealed class JsonResponse
{
    private readonly string[] _names;
    private readonly JsonElement[] _values; // in the order of the names; undefined where there is none

    private JsonResponse(string[] names, JsonElement[] values) => (_names, _values) = (names, values);

    /// <summary>
    /// Reads the members with these names; null with an error, as the rest of a sentence, when the text is no such object. A member that is
    /// there twice is an error too, and the others can be read all the same.
    /// </summary>
    public static JsonResponse? Read(string text, string[] names, out string? error)
    {
        error = null;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                error = "answered with JSON that is no object";
                return null;
            }

            var values = new JsonElement[names.Length];
            var repeated = new List<string>();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                var at = Array.IndexOf(names, JsonValue.Name(member));
                if (at < 0)
                    continue;

                if (values[at].ValueKind != JsonValueKind.Undefined)
                    repeated.Add(names[at]);
                else
                    values[at] = member.Value.Clone();
            }

            foreach (var name in repeated)
            {
                error ??= $"answered with the member '{name}' twice";
                values[Array.IndexOf(names, name)] = default;
            }

            return new JsonResponse(names, values);
        }
        catch (JsonException)
        {
            error = "answered with something that is not JSON";
            return null;
        }
    }

    /// <summary>The member's value; null when it is absent.</summary>
    public JsonElement? Value(string name) =>
        _values[Array.IndexOf(_names, name)] is { ValueKind: not JsonValueKind.Undefined } value ? value : null;

    /// <summary>A string member that is not empty; null otherwise.</summary>
    public string? Text(string name) => Value(name) is { } value ? JsonValue.Text(value) : null;

    /// <summary>A positive number of seconds, written as a number or a string; null otherwise.</summary>
    public double? Seconds(string name) => Value(name) is { } value ? JsonValue.Seconds(value) : null;

    /// <summary>The names in a scope that is an object, an array, or a text with spaces (RFC 6749 section 3.3).</summary>
    public IReadOnlyCollection<string> Names(string name) => Value(name) is { } value ? JsonValue.Names(value) : [];
}
