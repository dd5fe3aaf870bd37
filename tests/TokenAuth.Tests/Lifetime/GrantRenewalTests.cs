using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime;

public sealed class GrantRenewalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_store_that_is_slow_at_the_start_does_not_cost_a_second_grant()
    {
        var time = new ManualTimeProvider();
        var source = new ScriptedSource(time);
        var stored = new TokenRecord(
            new TokenGrant(new AccessToken("stored", time.GetUtcNow() + TimeSpan.FromHours(1))),
            time.GetUtcNow()
        );
        var store = new SlowReadStore(stored);
        using var provider = new CachedTokenProvider(source, null, time, store);

        var token = provider.GetTokenAsync(Cancel).AsTask();
        await store.ReadStarted;
        time.Advance(TimeSpan.FromSeconds(2)); // the limit of the read

        Assert.Equal("stored", (await token.WaitAsync(TimeSpan.FromSeconds(10), Cancel)).Value);
        Assert.Equal(0, source.Calls);
    }

    [Theory]
    [Trait("Failure", "36")]
    [InlineData("one", "one", "token-1")]
    [InlineData("one", "two", "token-2")]
    [InlineData("one", null, "token-2")]
    [InlineData(null, "two", "token-2")]
    public async Task A_token_that_was_stored_under_another_secret_is_not_used(
        string? before,
        string? after,
        string expected
    )
    {
        var time = new ManualTimeProvider();
        var source = new ScriptedSource(time);
        var store = new OneRecordStore(record: null);

        await GetAsync(before);
        var token = await GetAsync(after);

        Assert.Equal(expected, token.Value);

        async Task<AccessToken> GetAsync(string? digest)
        {
            using var provider = new CachedTokenProvider(source, new() { SecretDigest = digest }, time, store);

            return await provider.GetTokenAsync(Cancel);
        }
    }
}
