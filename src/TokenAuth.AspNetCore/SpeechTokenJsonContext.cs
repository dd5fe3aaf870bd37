using System.Text.Json.Serialization;

namespace TokenAuth;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(SpeechToken))]
[JsonSerializable(typeof(WebChatSpeechToken))]
[JsonSerializable(typeof(SpeechTokenProblem))]
internal sealed partial class SpeechTokenJsonContext : JsonSerializerContext;
