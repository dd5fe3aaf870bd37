using System.Net;
using System.Text.Json;

namespace TokenAuth.Tests.Providers.SubscriptionKey;

[Trait("Failure", "35")]
public sealed class SubscriptionKeyProviderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_key_gives_way_to_the_other_and_back()
    {
        var provider = new SubscriptionKeyProvider("one", "two");
        var one = await provider.GetTokenAsync(Cancel);

        provider.Invalidate(one);
        var two = await provider.GetTokenAsync(Cancel);
        provider.Invalidate(two);

        Assert.Equal(("one", "two"), (one.Value, two.Value));
        Assert.Same(one, await provider.GetTokenAsync(Cancel));
    }

    [Fact]
    public async Task Fifty_refusals_of_one_key_are_one_switch()
    {
        var provider = new SubscriptionKeyProvider("one", "two");
        var one = await provider.GetTokenAsync(Cancel);

        Parallel.For(0, 50, _ => provider.Invalidate(one));

        Assert.Equal("two", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("one")]
    public async Task One_key_stays(string? spare)
    {
        var provider = new SubscriptionKeyProvider("one", spare);
        var one = await provider.GetTokenAsync(Cancel);

        provider.Invalidate(one);

        Assert.Same(one, await provider.GetTokenAsync(Cancel));
    }

    [Fact]
    public async Task A_key_of_before_changes_nothing()
    {
        var provider = new SubscriptionKeyProvider("one", "two");

        provider.Invalidate(new AccessToken("old"));

        Assert.Equal("one", (await provider.GetTokenAsync(Cancel)).Value);
        Assert.Throws<ArgumentNullException>(() => provider.Invalidate(null!));
    }

    [Theory]
    [Trait("Failure", "9")]
    [InlineData("", null)]
    [InlineData("one\n", null)]
    [InlineData("one", "")]
    [InlineData("one", " two")]
    public void Keys_that_a_header_cannot_carry_are_refused(string primary, string? secondary) =>
        Assert.Throws<ArgumentException>(() => new SubscriptionKeyProvider(primary, secondary));

    [Theory]
    [Trait("Failure", "23")]
    [InlineData(401, true)]
    [InlineData(403, false)]
    [InlineData(200, false)]
    public async Task A_rejection_is_401(int status, bool isRejected) =>
        Assert.Equal(
            isRejected,
            await new SubscriptionKeyProvider("one").IsRejectedAsync(
                new HttpResponseMessage((HttpStatusCode)status),
                Cancel
            )
        );

    [Fact]
    [Trait("Failure", "46")]
    public void It_prints_and_serializes_without_its_keys()
    {
        var provider = new SubscriptionKeyProvider("hidden-one", "hidden-two");

        Assert.Equal("SubscriptionKeyProvider", provider.ToString());
        Assert.DoesNotContain("hidden", JsonSerializer.Serialize(provider));
    }
}
