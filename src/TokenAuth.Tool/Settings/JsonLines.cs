using System.Text.Json;

namespace TokenAuth.Tool;

/// <summary>The line of each value in a JSON file, by the key that configuration gives the value.</summary>
internal static class JsonLines
{
    private static readonly JsonReaderOptions _lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static Dictionary<string, int> Of(ReadOnlySpan<byte> json)
    {
        var lines = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var reader = new Utf8JsonReader(json, _lenient);
        var path = new Stack<Step>();
        var (line, counted) = (1, 0);
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            line += json[counted..start].Count((byte)'\n');
            counted = start;
            Note(ref reader, path, line, lines);
        }

        return lines;
    }

    private static void Note(ref Utf8JsonReader reader, Stack<Step> path, int line, Dictionary<string, int> lines)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                path.Peek().Name = reader.GetString()!;
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Begin(path);
                path.Push(new Step { IsArray = reader.TokenType == JsonTokenType.StartArray });
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.Pop();
                break;
            default:
                Begin(path);
                lines[string.Join(':', path.Reverse().Select(step => step.Name))] = line;
                break;
        }
    }

    private static void Begin(Stack<Step> path)
    {
        if (path.TryPeek(out var step) && step.IsArray)
            step.Name = FormattableString.Invariant($"{step.Count++}");
    }

    private sealed class Step
    {
        public bool IsArray { get; init; }

        public int Count { get; set; }

        public string Name { get; set; } = "";
    }
}
