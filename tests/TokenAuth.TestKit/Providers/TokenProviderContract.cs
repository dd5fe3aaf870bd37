namespace TokenAuth.TestKit;

/// <summary>The contract of <see cref="ITokenProvider"/>: every provider runs all of these tests, each with one that is new.</summary>
public abstract class TokenProviderContract
{
    /// <summary>The settings that are secret.</summary>
    protected abstract IReadOnlyCollection<string> Secrets { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_at_one_time_get_one_credential()
    {
        var provider = Open();

        var tokens = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => provider.GetTokenAsync(Cancellation).AsTask()))
        );

        Assert.Single(tokens.Select(token => token.Value).Distinct());
    }

    [Fact]
    public async Task A_rejected_token_that_was_never_handed_out_changes_nothing()
    {
        var provider = Open();
        var token = await provider.GetTokenAsync(Cancellation);

        provider.Invalidate(new AccessToken("another-providers"));

        Assert.Same(token, await provider.GetTokenAsync(Cancellation));
    }

    [Fact]
    public async Task Its_text_shows_no_secret()
    {
        var provider = Open();
        var token = await provider.GetTokenAsync(Cancellation);

        var text = provider.ToString();

        Assert.StartsWith(provider.GetType().Name, text, StringComparison.Ordinal);
        Assert.All(
            Secrets.Append(token.Value),
            secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_wrapper_loses_nothing_of_it()
    {
        var provider = Open();
        var audience = Assert.IsAssignableFrom<ITokenAudience>(provider);
        await using var wrapper = new WrappingProvider(provider);

        Assert.Same(await provider.GetTokenAsync(Cancellation), await wrapper.GetTokenAsync(Cancellation));
        Assert.Equal(audience.AllowedHosts, wrapper.AllowedHosts);
        Assert.Equal(provider.ToString(), wrapper.ToString());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task A_response_that_is_no_401_rejects_nothing(int status)
    {
        var audience = Assert.IsAssignableFrom<ITokenAudience>(Open());
        using var response = new HttpResponseMessage((System.Net.HttpStatusCode)status);

        Assert.False(await audience.IsRejectedAsync(response, Cancellation));
    }

    [Fact]
    public async Task A_minimum_of_life_is_zero_or_more()
    {
        var provider = Open();

        Assert.Same(
            await provider.GetTokenAsync(Cancellation),
            await provider.GetTokenAsync(TimeSpan.Zero, Cancellation)
        );
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            "minimumRemaining",
            async () => await provider.GetTokenAsync(TimeSpan.FromTicks(-1), Cancellation)
        );
    }

    /// <summary>The one provider of the test; its maker disposes it.</summary>
    protected abstract ITokenProvider Open();
}
