using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;

namespace TokenAuth.Tests.Lifetime;

public sealed class DelegatingTokenProviderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Hosts_and_the_resource_are_the_inner_providers()
    {
        using var inner = Azure();
        using var wrapper = new Counting(inner);

        Assert.Same(inner.AllowedHosts, wrapper.AllowedHosts);
        Assert.Equal("westeurope", wrapper.Region);
        Assert.True(wrapper.GrantsServiceTokens);
        Assert.Equal(inner.ToString(), wrapper.ToString());
    }

    [Fact]
    public async Task A_key_handler_sends_the_inner_providers_key()
    {
        using var wrapper = new Counting(Azure());
        var primary = new StubPrimaryHandler(401, 200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Key", wrapper, primary));

        await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);

        Assert.Equal(
            [
                "http://localhost/ Ocp-Apim-Subscription-Key: first-key",
                "http://localhost/ Ocp-Apim-Subscription-Key: second-key",
            ],
            primary.Received
        );
    }

    [Fact]
    public async Task A_key_handler_over_a_provider_without_a_key_sends_what_the_wrapper_hands_out()
    {
        using var wrapper = new Counting(new FakeTokenProvider("t1"));
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Key", wrapper, primary));

        await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);

        Assert.Equal(["http://localhost/ Ocp-Apim-Subscription-Key: t1"], primary.Received);
        Assert.Equal(1, wrapper.Asked);
    }

    [Theory]
    [InlineData("https://westeurope.api.cognitive.microsoft.com/", true, false)] // a host that takes keys alone
    [InlineData("https://westeurope.tts.speech.microsoft.com/", true, false)]
    [InlineData("https://proxy.example/", true, true)]
    [InlineData("https://elsewhere.example/", false, false)]
    public async Task An_override_of_the_hosts_counts_for_the_key_too(string address, bool adding, bool replacing)
    {
        using var added = new Hosted(Azure(), theirs => [.. theirs, "proxy.example"]);
        using var replaced = new Counting(new Hosted(Azure(), _ => ["proxy.example"])); // and through another wrapper

        Assert.Equal((adding, replacing), (await IsSentAsync(added), await IsSentAsync(replaced)));

        async Task<bool> IsSentAsync(ITokenProvider provider)
        {
            var primary = new StubPrimaryHandler(200);
            using var client = new HttpMessageInvoker(AnyHandler.Of("Key", provider, primary));
            try
            {
                await client.SendAsync(new(HttpMethod.Get, address), Cancellation);
            }
            catch (InvalidOperationException)
            {
                Assert.Empty(primary.Received);
            }

            return primary.Received.Count == 1;
        }
    }

    [Fact]
    public void An_override_of_the_hosts_that_is_asked_for_the_key_leaves_the_tokens_hosts_as_they_are()
    {
        using var inner = Azure();
        using var wrapper = new Hosted(inner, theirs => theirs);
        var key = ((ISubscriptionKeySource)wrapper).SubscriptionKey;

        Assert.Contains("westeurope.api.cognitive.microsoft.com", ((ITokenAudience)key).AllowedHosts);
        Assert.Same(inner.AllowedHosts, wrapper.AllowedHosts);
        Assert.Same(key, ((ISubscriptionKeySource)wrapper).SubscriptionKey);
    }

    [Theory]
    [InlineData(418, true)] // the override's
    [InlineData(401, true)] // the key's own
    [InlineData(403, false)]
    public async Task An_override_of_the_rejection_rule_counts_for_the_key_too(int status, bool isRejected)
    {
        using var wrapper = new Teapot(Azure());
        var primary = new StubPrimaryHandler(status, 200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Key", wrapper, primary));

        await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);

        Assert.Equal(isRejected ? ["first-key", "second-key"] : ["first-key"], primary.Received.Select(KeyOf));

        static string KeyOf(string received) => received.Split(' ')[^1];
    }

    [Fact]
    public void A_place_that_the_inner_providers_vendor_does_not_take_is_refused()
    {
        using var wrapper = new Counting(
            new VkCloudTokenProvider(new() { ClientId = "client", ClientSecret = "secret" })
        );

        Assert.Throws<ArgumentException>(() => new SubscriptionKeyHandler(wrapper));
    }

    [Theory]
    [InlineData(418, true)]
    [InlineData(401, false)]
    public async Task The_inner_providers_rule_judges(int status, bool isRejected)
    {
        using var wrapper = new Counting(new PickyProvider());
        using var response = new HttpResponseMessage((HttpStatusCode)status);

        Assert.Equal(isRejected, await wrapper.IsRejectedAsync(response, Cancellation));
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(403, false)]
    public async Task Over_a_provider_without_a_rule_401_is_a_refusal(int status, bool isRejected)
    {
        using var wrapper = new Counting(new FakeTokenProvider("t1"));
        using var response = new HttpResponseMessage((HttpStatusCode)status);

        Assert.Equal(isRejected, await wrapper.IsRejectedAsync(response, Cancellation));
        Assert.Empty(wrapper.AllowedHosts);
        Assert.Null(wrapper.Region);
        Assert.Null(wrapper.Endpoint);
        Assert.False(wrapper.GrantsServiceTokens);
    }

    [Fact]
    public async Task Health_and_log_are_the_inner_providers()
    {
        var clock = new ManualTimeProvider();
        var logs = new RecordedLogs();
        var source = new ScriptedSource(clock);
        await using var wrapper = new Counting(
            new CachedTokenProvider(source, timeProvider: clock, loggerFactory: logs)
        );
        await wrapper.GetTokenAsync(Cancellation);

        var health = TokenHealth.Of("mine", wrapper);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", wrapper, new StubPrimaryHandler(401, 200)));
        await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Contains("expiresAt", health.Data.Keys);
        Assert.Equal(["BearerTokenHandler: localhost refused the credential with HTTP 401."], logs.Messages(42));
    }

    [Fact]
    public async Task A_minimum_of_life_reaches_the_inner_provider_and_its_token_passes_the_override()
    {
        var clock = new ManualTimeProvider();
        var source = new ScriptedSource(clock);
        await using var wrapper = new Counting(new CachedTokenProvider(source, timeProvider: clock));
        var first = await wrapper.GetTokenAsync(Cancellation);
        clock.Advance(first.ExpiresAt!.Value - clock.GetUtcNow() - TimeSpan.FromMinutes(30));

        var second = await wrapper.GetTokenAsync(TimeSpan.FromMinutes(40), Cancellation);

        Assert.NotEqual(first.Value, second.Value);
        Assert.Equal(2, wrapper.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_old_token_is_returned_through_a_wrapper_while_it_is_good_and_the_renewal_fails(
        bool isTransient
    )
    {
        var clock = new ManualTimeProvider();
        var source = new ScriptedSource(clock) { Life = TimeSpan.FromMinutes(10) };
        await using var wrapper = new Counting(new Counting(new CachedTokenProvider(source, timeProvider: clock)));
        var first = await wrapper.GetTokenAsync(Cancellation);
        source.Answer = (_, _) => throw new TokenAcquisitionException("No.") { IsTransient = isTransient };
        clock.Advance(TimeSpan.FromMinutes(9.5)); // due: a plain call would throw what is not transient

        Assert.Same(first, await wrapper.GetTokenAsync(TimeSpan.FromMinutes(5), Cancellation));

        Assert.Equal((2, 2), (wrapper.Asked, source.Calls));
    }

    [Fact]
    public async Task A_minimum_of_life_holds_for_an_override_that_asks_the_inner_provider_itself()
    {
        var clock = new ManualTimeProvider();
        var source = new ScriptedSource(clock);
        await using var wrapper = new Direct(new CachedTokenProvider(source, timeProvider: clock));
        var first = await wrapper.GetTokenAsync(Cancellation);
        clock.Advance(first.ExpiresAt!.Value - clock.GetUtcNow() - TimeSpan.FromMinutes(30));

        var second = await wrapper.GetTokenAsync(TimeSpan.FromMinutes(40), Cancellation);

        Assert.NotEqual(first.Value, second.Value);
        Assert.Equal(2, source.Calls);
    }

    [Fact]
    public async Task KeepFresh_ends_when_the_engine_behind_a_wrapper_is_disposed()
    {
        var clock = new ManualTimeProvider();
        var wrapper = new Counting(new CachedTokenProvider(new ScriptedSource(clock), timeProvider: clock));
        var tokens = new List<string>();
        using var watch = wrapper.KeepFresh(token => tokens.Add(token.Value));

        await wrapper.DisposeAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        var asked = wrapper.Asked;
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(asked, wrapper.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_inner_provider_is_disposed_with_its_wrapper(bool asynchronously)
    {
        var inner = new DisposableProvider();
        var wrapper = new Counting(inner);

        if (asynchronously)
            await wrapper.DisposeAsync();
        else
            wrapper.Dispose();

        Assert.Equal(1, inner.Disposed);
    }

    [Fact]
    public void A_wrapper_needs_a_provider()
    {
        Assert.Throws<ArgumentNullException>(() => new Counting(null!));
    }

    private static AzureSpeechTokenProvider Azure() =>
        new(
            new()
            {
                Region = "westeurope",
                SubscriptionKey = "first-key",
                SecondaryKey = "second-key",
            }
        );

    private sealed class Counting(ITokenProvider inner) : DelegatingTokenProvider(inner)
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public override ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _asked);
            return base.GetTokenAsync(cancellationToken);
        }
    }

    private sealed class Hosted(
        ITokenProvider inner,
        Func<IReadOnlyCollection<string>, IReadOnlyCollection<string>> change
    ) : DelegatingTokenProvider(inner)
    {
        public override IReadOnlyCollection<string> AllowedHosts => change(base.AllowedHosts);
    }

    private sealed class Teapot(ITokenProvider inner) : DelegatingTokenProvider(inner)
    {
        public override async ValueTask<bool> IsRejectedAsync(
            HttpResponseMessage response,
            CancellationToken cancellationToken
        )
        {
            await Task.Yield();

            return (int)response.StatusCode == 418 || await base.IsRejectedAsync(response, cancellationToken);
        }
    }

    private sealed class Direct(ITokenProvider inner) : DelegatingTokenProvider(inner)
    {
        public override ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            InnerProvider.GetTokenAsync(cancellationToken);
    }

    private sealed class PickyProvider : ITokenProvider, ITokenAudience
    {
        public IReadOnlyCollection<string> AllowedHosts => [];

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            new(new AccessToken("t1"));

        public void Invalidate(AccessToken rejected) { }

        public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
            new((int)response.StatusCode == 418);
    }

    private sealed class DisposableProvider : ITokenProvider, IDisposable
    {
        public int Disposed { get; private set; }

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            new(new AccessToken("t1"));

        public void Invalidate(AccessToken rejected) { }

        public void Dispose() => Disposed++;
    }
}
