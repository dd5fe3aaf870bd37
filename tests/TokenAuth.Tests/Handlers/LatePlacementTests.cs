using System.Net;

namespace TokenAuth.Tests.Handlers;

/// <summary>A request is judged again when its credential is placed: it may have waited for the token.</summary>
[Trait("Failure", "53")]
public sealed class LatePlacementTests
{
    private const string Service = "https://api.example.com/";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task An_address_that_is_swapped_while_the_token_is_fetched_is_judged_again(string kind)
    {
        var fetched = new TaskCompletionSource();
        var provider = new FakeTokenProvider("t1") { Before = _ => fetched.Task };
        var primary = new StubPrimaryHandler(200);
        using var client = Client(kind, provider, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = client.SendAsync(request, Cancellation);

        request.RequestUri = new Uri("https://evil.example/");
        fetched.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => sending);
        Assert.Empty(primary.Received);
    }

    [Fact]
    public async Task A_credential_that_is_added_while_the_token_is_fetched_is_left_alone()
    {
        var fetched = new TaskCompletionSource();
        var provider = new FakeTokenProvider("t1") { Before = _ => fetched.Task };
        var primary = new StubPrimaryHandler(200);
        using var client = Client("Bearer", provider, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = client.SendAsync(request, Cancellation);

        request.Headers.Authorization = new("Bearer", "task");
        fetched.SetResult();
        await sending;

        Assert.Equal([Service + " Authorization: Bearer task"], primary.Received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_its_provider_takes_off_while_the_token_is_fetched_gets_nothing(bool waits)
    {
        var provider = new MovingProvider();
        provider.Tokens.Before = async _ =>
        {
            if (waits)
                await Task.Yield();
            provider.AllowedHosts = ["west.example.com"];
        };
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(new(HttpMethod.Get, Service), Cancellation)
        );

        Assert.Empty(primary.Received);
    }

    [Theory]
    [InlineData(Service)]
    [InlineData(Service + "another")]
    public async Task A_host_that_its_provider_takes_off_a_list_that_it_keeps_gets_nothing_more(string next)
    {
        var hosts = new List<string> { "api.example.com" };
        var provider = new MovingProvider { AllowedHosts = hosts };
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));
        await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        hosts.Remove("api.example.com");

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(new(HttpMethod.Get, next), Cancellation)
        );
        Assert.Single(primary.Received);
    }

    [Fact]
    public async Task A_warm_address_is_judged_after_its_token_was_handed_out()
    {
        var provider = new MovingProvider();
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));
        await client.SendAsync(new(HttpMethod.Get, Service), Cancellation);
        provider.Tokens.Before = _ =>
        {
            provider.AllowedHosts = ["west.example.com"];
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(new(HttpMethod.Get, Service), Cancellation)
        );

        Assert.Single(primary.Received);
    }

    [Fact]
    public async Task A_request_that_changes_its_address_while_a_newer_token_is_fetched_is_not_sent_again()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var provider = new FakeTokenProvider("t1", "t2");
        var primary = new StubPrimaryHandler(_ =>
        {
            provider.Before = _ =>
            {
                request.RequestUri = new Uri("https://evil.example/");
                return Task.CompletedTask;
            };
            return new(HttpStatusCode.Unauthorized);
        });
        using var client = Client("Bearer", provider, primary);

        var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(primary.Received);
    }

#if !NETSTANDARD_ASSEMBLY
    [Fact]
    public void Synchronous_sending_judges_again_too()
    {
        var provider = new MovingProvider();
        provider.Tokens.Before = async _ =>
        {
            await Task.Yield();
            provider.AllowedHosts = ["west.example.com"];
        };
        var primary = new StubPrimaryHandler(200);
        using var client = new HttpMessageInvoker(AnyHandler.Of("Bearer", provider, primary));

        Assert.Throws<InvalidOperationException>(() =>
            client.Send(new(HttpMethod.Get, Service), CancellationToken.None)
        );

        Assert.Empty(primary.Received);
    }
#endif

    private static HttpMessageInvoker Client(string kind, ITokenProvider provider, HttpMessageHandler primary) =>
        new(AnyHandler.Of(kind, provider, primary, new() { AllowedHosts = { "api.example.com" } }));

    private sealed class MovingProvider : ITokenProvider, ITokenAudience
    {
        public FakeTokenProvider Tokens { get; } = new("t1");

        public IReadOnlyCollection<string> AllowedHosts { get; set; } = ["api.example.com"];

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            Tokens.GetTokenAsync(cancellationToken);

        public void Invalidate(AccessToken rejected) => Tokens.Invalidate(rejected);

        public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
            new(response.StatusCode == HttpStatusCode.Unauthorized);
    }
}
