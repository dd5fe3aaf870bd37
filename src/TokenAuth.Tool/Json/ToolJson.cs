using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenAuth.Tool;

/// <summary>Writes the JSON that <c>--json</c> prints.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(DoctorJson))]
[JsonSerializable(typeof(ShowJson))]
[JsonSerializable(typeof(TokenJson))]
[JsonSerializable(typeof(ErrorJson))]
[JsonSerializable(typeof(AddressesJson))]
[JsonSerializable(typeof(LedgerJson))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ToolJson : JsonSerializerContext
{
    private static ToolJson? _readable; // made when it is needed: statics of the generated part come in no order

    /// <summary>With apostrophes and Cyrillic in full; control characters are escaped all the same.</summary>
    public static ToolJson Readable =>
        _readable ??= new ToolJson(
            new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
}
