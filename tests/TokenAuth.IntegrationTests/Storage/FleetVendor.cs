using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>The emulated vendor as the fleet tests use it: without the limits that years in minutes would meet.</summary>
internal static class FleetVendor
{
    public static async Task<TokenServiceEmulator> StartAsync(
        VkCloudRefreshTokenRule rule,
        TimeSpan lifetime,
        TimeProvider? timeProvider = null
    )
    {
        var options = new TokenServiceEmulatorOptions { TimeProvider = timeProvider ?? TimeProvider.System };
        options.VkCloud.RefreshTokenRule = rule;
        options.VkCloud.AccessTokenLifetime = lifetime;
        options.VkCloud.AccessTokenLimit = int.MaxValue;
        options.VkCloud.RefreshTokenLimit = int.MaxValue;

        return await TokenServiceEmulator.StartAsync(options, TestRun.Cancellation);
    }

    /// <summary>An application that has just started.</summary>
    public static VkCloudTokenProvider CreateApplication(
        this TokenServiceEmulator emulator,
        ITokenStore store,
        TimeProvider? timeProvider = null
    ) =>
        new(
            new VkCloudOptions
            {
                ClientId = VkCloudClient.Voice.ClientId,
                ClientSecret = VkCloudClient.Voice.ClientSecret,
                TokenEndpoint = emulator.VkTokenEndpoint,
            },
            timeProvider: timeProvider,
            store: store
        );
}
