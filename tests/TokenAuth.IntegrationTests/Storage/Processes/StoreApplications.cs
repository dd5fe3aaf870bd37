using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Applications over a store under test.</summary>
internal static class StoreApplications
{
    /// <summary>What an application that has just started gets.</summary>
    public static Task<string> GetTokenAsync(this StoreUnderTest store, TokenServiceEmulator emulator) =>
        store.UseAsync(async opened =>
        {
            await using var application = emulator.CreateApplication(opened);

            return (await application.GetTokenAsync(TestRun.Cancellation)).Value;
        });

    /// <summary>
    /// What an application that has just started gets which loses the race for one lease, and asks again when it has waited for a busy one in vain.
    /// </summary>
    public static Task<string> GetTokenAsync(this StoreUnderTest store, TokenServiceEmulator emulator, Task lost) =>
        store.UseAsync(async opened =>
        {
            await using var application = emulator.CreateApplication(new LosingStore(opened, lost));
            while (true)
                try
                {
                    return (await application.GetTokenAsync(TestRun.Cancellation)).Value;
                }
                catch (TokenAcquisitionException e) when (e.IsTransient)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TestRun.Cancellation);
                }
        });

    /// <summary>Makes the stored record an hour older.</summary>
    public static async Task ExpireAsync(this StoreUnderTest store, TokenServiceEmulator emulator) =>
        await store.UseAsync(async opened =>
        {
            var key = TokenStoreKey.For("VkCloud", emulator.VkTokenEndpoint, VkCloudClient.Voice.ClientId);
            await using var lease = await opened.AcquireLeaseAsync(key, TestRun.Cancellation);
            var record = lease.Record;
            Assert.True(record is not null, "Nothing is stored.");
            var hour = TimeSpan.FromHours(1);
            var token = new AccessToken(record.Grant.AccessToken.Value, record.Grant.AccessToken.ExpiresAt - hour);
            var grant = new TokenGrant(token) { RefreshToken = record.Grant.RefreshToken };

            await lease.WriteAsync(
                new TokenRecord(grant, record.RequestedAt - hour) { SecretDigest = record.SecretDigest },
                TestRun.Cancellation
            );

            return true;
        });
}
