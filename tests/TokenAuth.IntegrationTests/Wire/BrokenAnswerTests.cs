using System.Net.Sockets;
using System.Text;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Wire;

[Trait("Failure", "3")]
public sealed class BrokenAnswerTests
{
    private const string Granted = """{"access_token":"access-1","refresh_token":"refresh-0","expired_in":"3600"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Breaks
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var isReset in new[] { false, true })
            {
                rows.Add("", isReset);
                rows.Add("HTTP/1.1 200 OK\r\nContent-", isReset);
                rows.Add("HTTP/1.1 200 OK\r\nContent-Length: 79\r\n\r\n", isReset);
                rows.Add("HTTP/1.1 200 OK\r\nContent-Length: 79\r\n\r\n{\"access_token\":\"acc", isReset);
                rows.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"access_token\":\"", isReset);
            }

            rows.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a number\r\n", false);
            rows.Add("this is not HTTP\r\n\r\n", false);
            rows.Add("HTTP/1.1 200 OK\r\n" + new string('x', 100_000) + "\r\n\r\n", false);

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_broken_answer_to_a_refresh_is_asked_for_again_with_the_same_refresh_token(
        string said,
        bool isReset
    )
    {
        var time = new ManualTimeProvider { Patience = TimeSpan.FromSeconds(10) };
        await using var origin = new RawOrigin();
        origin.Write = (_, stream) =>
            origin.Received.Count == 1 ? BreakAsync(stream, said, isReset) : AnswerAsync(stream, Granted);
        using var provider = new VkCloudTokenProvider(
            Options.Vk(origin, refreshToken: "refresh-0"),
            timeProvider: time
        );

        var token = await GetAsync(provider, time);

        Assert.Equal("access-1", token.Value);
        Assert.Equal(2, origin.Received.Count);
        Assert.All(origin.Received, request => Assert.Contains("\"refresh_token\":\"refresh-0\"", request.ToString()));
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Answers_that_keep_breaking_never_lead_to_client_credentials(string said, bool isReset)
    {
        var time = new ManualTimeProvider { Patience = TimeSpan.FromSeconds(10) };
        await using var origin = new RawOrigin();
        origin.Write = (_, stream) => BreakAsync(stream, said, isReset);
        using var provider = new VkCloudTokenProvider(
            Options.Vk(origin, refreshToken: "refresh-0"),
            timeProvider: time
        );

        var first = await Assert.ThrowsAsync<TokenAcquisitionException>(() => GetAsync(provider, time));
        await Assert.ThrowsAsync<TokenAcquisitionException>(() => GetAsync(provider, time));

        Assert.True(first.IsTransient);
        Assert.Null(first.InnerException);
        Assert.Equal(
            $"VK Cloud's token endpoint {origin.Address} of provider 'VkCloud' broke off its answer. Check the network and the state of the service.",
            first.Message
        );
        Assert.Equal(4, origin.Received.Count);
        Assert.DoesNotContain(
            origin.Received,
            request => request.ToString().Contains("client_credentials", StringComparison.Ordinal)
        );
    }

    private static async Task BreakAsync(Stream stream, string said, bool isReset)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(said), Cancel);
        if (isReset)
            ((NetworkStream)stream).Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        throw new IOException("The test breaks the connection.");
    }

    private static Task AnswerAsync(Stream stream, string json) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(RawOrigin.Json(200, json)), Cancel).AsTask();

    private static Task<AccessToken> GetAsync(VkCloudTokenProvider provider, ManualTimeProvider time) =>
        time.AdvanceUntilAsync(provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(10), 10_000);
}
