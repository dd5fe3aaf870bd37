using TokenAuth.IntegrationTests.Emulator;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Wire;

[Trait("Failure", "33")]
public sealed class RefreshTokenLimitTests : EmulatorFixture
{
    private const int Limit = 25;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_26th_start_without_a_store_is_told_the_remedy_and_asks_once_a_minute()
    {
        for (var start = 0; start < Limit; start++)
        {
            using var earlier = Provider();
            await earlier.GetTokenAsync(Cancel);
        }

        using var provider = Provider();
        var failures = new List<TokenAcquisitionException>();
        for (var second = 0; second < 59; second++)
        {
            failures.Add(
                await Assert.ThrowsAsync<TokenAcquisitionException>(async () => await provider.GetTokenAsync(Cancel))
            );
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Limit + 1, Emulator.Ledger.ClientCredentialsCalls);
        Assert.All(
            failures,
            failure =>
            {
                Assert.False(failure.IsTransient);
                Assert.EndsWith(
                    "If they are right, the project's 25 refresh tokens may be used up: reuse one by setting RefreshToken, or use a service token, and keep grants in "
                        + "a token store.",
                    failure.Message
                );
            }
        );
    }

    [Fact]
    public async Task An_evicted_refresh_token_is_replaced_once()
    {
        Emulator.Options.VkCloud.AtLimit = VkCloudLimitReaction.EvictOldest;
        using var provider = Provider();
        await provider.GetTokenAsync(Cancel);
        for (var other = 0; other < Limit; other++)
        {
            using var another = Provider();
            await another.GetTokenAsync(Cancel);
        }

        Clock.Advance(TimeSpan.FromHours(1));
        var before = Emulator.Ledger.ClientCredentialsCalls;
        var token = await provider.GetTokenAsync(Cancel);
        Clock.Advance(TimeSpan.FromHours(1));
        var next = await provider.GetTokenAsync(Cancel);

        Assert.NotEqual(token.Value, next.Value);
        Assert.Equal(before + 1, Emulator.Ledger.ClientCredentialsCalls);
    }

    private VkCloudTokenProvider Provider() =>
        new(
            new VkCloudOptions
            {
                ClientId = VkCloudClient.Voice.ClientId,
                ClientSecret = VkCloudClient.Voice.ClientSecret,
                TokenEndpoint = Emulator.VkTokenEndpoint,
            },
            timeProvider: Clock
        );
}
