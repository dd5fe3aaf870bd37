using System.Text.Json.Nodes;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>A message of the emulator: JSON or audio.</summary>
internal sealed record SpeechSocketMessage(string Path, JsonObject Json, byte[] Audio);
