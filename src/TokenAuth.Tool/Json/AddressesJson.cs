using TokenAuth.Testing;

namespace TokenAuth.Tool;

internal sealed record AddressesJson(
    Uri VkTokenEndpoint,
    Uri Voice,
    Uri Vision,
    Uri AzureTokenEndpoint,
    Uri AzureStt,
    Uri AzureTts,
    Uri AzureSpeechHost
)
{
    public static AddressesJson Of(TokenServiceEmulator emulator) =>
        new(
            emulator.VkTokenEndpoint,
            emulator.VoiceAddress,
            emulator.VisionAddress,
            emulator.AzureTokenEndpoint,
            emulator.AzureSttAddress,
            emulator.AzureTtsAddress,
            emulator.AzureSpeechHost
        );
}
