using System.Globalization;
using System.Text.Json;

namespace TokenAuth;

/// <summary>A token endpoint's JSON object, read as tolerantly as such endpoints need: types vary, unknown members pass.</summary>
internal sealed class JsonReply
{
    private const int MaxErrorCodeLength = 64;

    private readonly Dictionary<string, JsonElement> _members;

    private JsonReply(Dictionary<string, JsonElement> members) => _members = members;

    /// <summary>Reads the members with these names; null with a fault, as the rest of a sentence, when the text is no such object.</summary>
    public static JsonReply? Read(string? text, string[] names, out string? fault)
    {
        fault = null;
        try
        {
            using var document = JsonDocument.Parse(text ?? "");
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                fault = "answered with JSON that is no object";
                return null;
            }

            var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (Array.IndexOf(names, member.Name) < 0)
                    continue;
                if (members.ContainsKey(member.Name))
                {
                    fault = $"answered with the member '{member.Name}' twice";
                    return null;
                }

                members.Add(member.Name, member.Value.Clone());
            }

            return new JsonReply(members);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            fault = "answered with something that is not JSON";
            return null;
        }
    }

    /// <summary>A string member that is not empty; null otherwise.</summary>
    public string? Text(string name) =>
        _members.TryGetValue(name, out var member)
        && member.ValueKind == JsonValueKind.String
        && member.GetString() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>A positive number of seconds, written as a number or a string; null otherwise.</summary>
    public double? Seconds(string name)
    {
        if (!_members.TryGetValue(name, out var member))
            return null;

        double seconds;
        var isNumber = member.ValueKind switch
        {
            JsonValueKind.Number => member.TryGetDouble(out seconds),
            JsonValueKind.String => double.TryParse(
                member.GetString(),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out seconds
            ),
            _ => (seconds = 0) > 0,
        };

        return isNumber && seconds > 0 ? seconds : null; // NaN is not
    }

    /// <summary>The names in a scope that is an object, an array, or a text with spaces (RFC 6749 section 3.3).</summary>
    public IReadOnlyCollection<string> Names(string name)
    {
        if (!_members.TryGetValue(name, out var member))
            return [];

        return member.ValueKind switch
        {
            JsonValueKind.Object => [.. member.EnumerateObject().Select(scope => scope.Name)],
            JsonValueKind.Array =>
            [
                .. member
                    .EnumerateArray()
                    .Where(scope => scope.ValueKind == JsonValueKind.String)
                    .Select(scope => scope.GetString()!),
            ],
            JsonValueKind.String => member.GetString()!.Split([' '], StringSplitOptions.RemoveEmptyEntries),
            _ => [],
        };
    }

    /// <summary>
    /// The endpoint's error code, if it looks like one: at most 64 letters, digits and <c>_ - .</c>, and not part of a secret
    /// that an endpoint might echo.
    /// </summary>
    public static string? ErrorCode(TokenEndpointReply reply, params string?[] secrets)
    {
        var json = Read(reply.Text, ["error", "code"], out _);
        var code = json?.Text("error") ?? json?.Text("code") ?? json?.Nested("error", "code");

        return
            code is { Length: <= MaxErrorCodeLength } && code.All(IsCodeCharacter) && !secrets.Any(s => Shows(code, s))
            ? code
            : null;
    }

    private string? Nested(string name, string inner)
    {
        if (
            !_members.TryGetValue(name, out var member)
            || member.ValueKind != JsonValueKind.Object
            || !member.TryGetProperty(inner, out var value)
        )
            return null;

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }

    private static bool IsCodeCharacter(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.';

    // Four characters in common give nothing away; endpoints are known to echo the first 24.
    private static bool Shows(string code, string? secret)
    {
        const int telling = 5;

        for (var i = 0; secret is not null && i + telling <= secret.Length; i++)
            if (code.AsSpan().IndexOf(secret.AsSpan(i, telling)) >= 0)
                return true;

        return false;
    }
}
