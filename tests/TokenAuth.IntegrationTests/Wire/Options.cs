using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.IntegrationTests.Wire;

/// <summary>Both vendors at a socket.</summary>
internal static class Options
{
    public static VkCloudOptions Vk(RawOrigin origin, string? refreshToken = null) =>
        new()
        {
            ClientId = "mcs1.voice.2",
            ClientSecret = "the-client-secret",
            RefreshToken = refreshToken,
            TokenEndpoint = origin.Address,
        };

    public static AzureSpeechOptions Azure(RawOrigin origin) =>
        new() { SubscriptionKey = "the-subscription-key", TokenEndpoint = origin.Address };
}
