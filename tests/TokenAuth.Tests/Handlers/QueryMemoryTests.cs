namespace TokenAuth.Tests.Handlers;

public sealed class QueryMemoryTests
{
    private readonly List<Uri> _sent = [];

    [Fact]
    public async Task The_first_four_addresses_are_made_once_for_each_token()
    {
        var provider = new FakeTokenProvider("t1", "t2");
        using var client = Client(provider);

        foreach (var token in new[] { "t1", "t2" })
        {
            await SendAsync(client, "a", "b", "c", "d", "e");
            await SendAsync(client, "a", "b", "c", "d", "e");

            Assert.All(
                _sent,
                uri => Assert.EndsWith($"oauth_token={token}", uri.AbsoluteUri, StringComparison.Ordinal)
            );
            Assert.Equal(
                [true, true, true, true, false],
                Enumerable.Range(0, 5).Select(i => ReferenceEquals(_sent[i], _sent[i + 5]))
            );
            provider.Invalidate(await provider.GetTokenAsync(TestContext.Current.CancellationToken));
            _sent.Clear();
        }
    }

    private static async Task SendAsync(HttpMessageInvoker client, params string[] paths)
    {
        foreach (var path in paths)
            await client.SendAsync(
                new(HttpMethod.Get, "http://localhost/" + path),
                TestContext.Current.CancellationToken
            );
    }

    private HttpMessageInvoker Client(FakeTokenProvider provider) =>
        new(
            AnyHandler.Of(
                "Query",
                provider,
                new StubPrimaryHandler(request =>
                {
                    _sent.Add(request.RequestUri!);
                    return new();
                })
            )
        );
}
