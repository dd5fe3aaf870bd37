using System.Net;

namespace TokenAuth.TestKit;

/// <summary>The contract of a provider that obtains its tokens, and renews them.</summary>
public abstract class ObtainedTokenContract : TokenProviderContract
{
    /// <summary>How often a token was asked for at the vendor.</summary>
    protected abstract int Exchanges { get; }

    [Fact, Trait("Failure", "13")]
    public async Task Fifty_callers_with_nothing_cached_are_one_exchange()
    {
        var provider = Open();

        await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => provider.GetTokenAsync(Cancellation).AsTask()))
        );

        Assert.Equal(1, Exchanges);
    }

    [Fact, Trait("Failure", "21")]
    public async Task Fifty_rejections_of_one_token_are_one_renewal_and_a_straggler_takes_the_newer_token()
    {
        var provider = Open();
        var first = await provider.GetTokenAsync(Cancellation);

        Parallel.For(0, 50, _ => provider.Invalidate(first));
        var second = await provider.GetTokenAsync(Cancellation);
        provider.Invalidate(first);

        Assert.NotEqual(first.Value, second.Value);
        Assert.Same(second, await provider.GetTokenAsync(Cancellation));
        Assert.Equal(2, Exchanges);
    }

    [Fact]
    public async Task A_401_is_a_rejection()
    {
        var audience = Assert.IsAssignableFrom<ITokenAudience>(Open());
        using var response = new HttpResponseMessage(HttpStatusCode.Unauthorized);

        Assert.True(await audience.IsRejectedAsync(response, Cancellation));
    }

    [Fact]
    public void A_missing_token_is_refused() =>
        Assert.Throws<ArgumentNullException>("rejected", () => Open().Invalidate(null!));

    [Fact, Trait("Failure", "11")]
    public async Task A_caller_that_gives_up_leaves_the_token_to_the_others()
    {
        var provider = Open();
        var release = Hold();
        using var gone = new CancellationTokenSource();

        var leader = provider.GetTokenAsync(gone.Token).AsTask();
        var other = provider.GetTokenAsync(Cancellation).AsTask();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        release();
        Assert.NotNull(await other);
        Assert.Equal(1, Exchanges);
    }

    [Fact]
    public async Task A_failure_says_whose_it_is_whether_it_may_pass_and_no_secret_and_the_next_call_asks_again()
    {
        var provider = Open();
        Fail();

        var failing = provider.GetTokenAsync(Cancellation).AsTask();
        await Task.WhenAny(PassAsync(failing));
        var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() => failing);
        Recover();

        Assert.True(failure.IsTransient);
        Assert.Contains($"'{failure.ProviderName}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"'{failure.ProviderName}'", provider.ToString(), StringComparison.Ordinal);
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, failure.ToString(), StringComparison.Ordinal));
        Assert.NotNull(await provider.GetTokenAsync(Cancellation));
    }

    [Theory, Trait("Failure", "18")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disposed_provider_hands_out_no_more_tokens(bool asynchronously)
    {
        var provider = Open();
        await provider.GetTokenAsync(Cancellation);

        if (asynchronously)
            await Assert.IsAssignableFrom<IAsyncDisposable>(provider).DisposeAsync();
        else
            Assert.IsAssignableFrom<IDisposable>(provider).Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await provider.GetTokenAsync(Cancellation));
    }

    /// <summary>The vendor answers nobody until the result is called.</summary>
    protected abstract Action Hold();

    /// <summary>The vendor cannot serve until <see cref="Recover"/>.</summary>
    protected abstract void Fail();

    protected abstract void Recover();

    /// <summary>Lets the time pass that attempts and the pauses between them take.</summary>
    protected abstract Task PassAsync(Task work);
}
