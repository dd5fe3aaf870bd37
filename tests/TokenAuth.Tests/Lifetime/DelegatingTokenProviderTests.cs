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
