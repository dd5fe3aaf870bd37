using System.Net;

namespace TokenAuth.IntegrationTests.Handlers;

[Trait("Failure", "26")]
public sealed class RedirectMatrixTests
{
    private const string First = "first-credential";
    private const string Second = "second-credential";

    internal static readonly int[] Codes = [301, 302, 303, 307, 308];

    private static readonly string[] Kinds = ["Bearer", "Key", "Query"];
    private static readonly string[] Targets = ["other port", "other host", "https to http"];
    private static readonly string[] Situations = ["plain", "after a rejection", "under an outer retry"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_redirect_takes_a_credential_to_another_origin()
    {
        await using var home = new RawOrigin();
        await using var secureHome = new RawOrigin(isSecure: true);
        await using var other = new RawOrigin();
        var cells = 0;

        foreach (var arrangement in RedirectArrangement.All)
        foreach (var kind in Kinds)
        foreach (var situation in Situations)
        foreach (var target in Targets)
        {
            if (target == "https to http" && !arrangement.TrustsTestCertificates)
                continue;

            foreach (var code in Codes)
            {
                var origin = target == "https to http" ? secureHome : home;
                var cell = $"{arrangement.Name}, {kind}, {situation}, {target}, {code}";
                origin.Received.Clear();
                origin.Answer = Redirects(code, situation, target, other.Port);

                var status = await SendAsync(arrangement, kind, situation, origin.Address);

                Assert.True(code == (int)status, $"{cell}: {status}");
                Assert.True(
                    Sent(origin)
                        == (
                            situation == "plain" ? 1
                            : situation == "after a rejection" ? 2
                            : 3
                        ),
                    cell
                );
                Assert.True(origin.Received.All(request => Credentials(request) == 1), cell);
                Assert.True(other.Received.IsEmpty, cell);
                cells++;
            }
        }

        Assert.Equal(0, other.Received.Sum(Credentials));
        Report.Line($"Redirect matrix, requests: {cells} cells, 0 credential bytes at the other origin.");
    }

    [Theory]
    [InlineData("Key")]
    [InlineData("Bearer")]
    [InlineData("Query")]
    public async Task An_opaque_handler_that_follows_a_redirect_is_sent_nothing_more(string kind)
    {
        await using var home = new RawOrigin();
        await using var other = new RawOrigin();
        home.Answer = _ => RawOrigin.Reply(307, headers: $"Location: http://localhost:{other.Port}/\r\n");
        other.Answer = _ => RawOrigin.Reply(401);
        var tokens = new FakeTokenProvider(First, Second);
        using var sockets = new HttpMessageInvoker(new SocketsHttpHandler());
        var opaque = new OpaqueHandler(sockets.SendAsync);
        using var client = new HttpClient(RedirectArrangement.Handler(kind, tokens, opaque));

        using var response = await client.GetAsync(home.Address, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(other.Received);
        Assert.DoesNotContain(Second, other.Received.Single().ToString(), StringComparison.Ordinal);
        Assert.Equal(First, (await tokens.GetTokenAsync(Cancellation)).Value);
    }

    [Theory]
    [InlineData("Bearer", false)]
    [InlineData("Key", true)]
    [InlineData("Query", false)]
    public async Task The_search_finds_a_credential_that_is_taken_along(string kind, bool isTaken)
    {
        // What HttpClient does by itself: it takes Authorization off, and nothing else.
        await using var home = new RawOrigin();
        await using var other = new RawOrigin();
        home.Answer = _ => RawOrigin.Reply(307, headers: $"Location: http://localhost:{other.Port}/\r\n");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, home.Address);
        if (kind == "Query")
            request.RequestUri = new Uri(home.Address, $"?oauth_token={First}");
        else
            request.Headers.Add(kind == "Key" ? "Ocp-Apim-Subscription-Key" : "Authorization", First);

        await client.SendAsync(request, Cancellation);

        Assert.Equal(isTaken ? 1 : 0, other.Received.Sum(Credentials));
    }

    private static async Task<HttpStatusCode> SendAsync(
        RedirectArrangement arrangement,
        string kind,
        string situation,
        Uri address
    )
    {
        var (client, container) = arrangement.Create(
            kind,
            new FakeTokenProvider(First, Second),
            situation == "under an outer retry"
        );
        using var _ = client;
        using var __ = container;
        using var response = await client.PostAsync(address, new StringContent("{}"), Cancellation);

        Assert.DoesNotContain("credential", response.RequestMessage!.ToString(), StringComparison.Ordinal);
        return response.StatusCode;
    }

    private static Func<RawRequest, string> Redirects(int code, string situation, string target, int otherPort)
    {
        var received = 0;
        var host = target == "other host" ? "localhost" : "127.0.0.1";
        return _ =>
            situation == "after a rejection" && received++ == 0
                ? RawOrigin.Reply(401)
                : RawOrigin.Reply(code, headers: $"Location: http://{host}:{otherPort}/elsewhere\r\n");
    }

    private static int Sent(RawOrigin origin) => origin.Received.Count;

    private static int Credentials(RawRequest request)
    {
        var text = request.ToString();
        return Count(First) + Count(Second);

        int Count(string credential) => text.Split(credential).Length - 1;
    }
}
