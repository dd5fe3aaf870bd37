using System.Text.Json.Serialization;

namespace TokenAuth;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VkCloudTokenRequest))]
internal sealed partial class VkCloudJsonContext : JsonSerializerContext;
