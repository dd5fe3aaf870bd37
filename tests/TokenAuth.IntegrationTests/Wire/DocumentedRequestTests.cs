using System.Text;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.IntegrationTests.Wire;

/// <summary>The bytes of each request, as the vendors' documentation has them in curl.</summary>
public sealed class DocumentedRequestTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        null,
        """{"client_id":"mcs1.voice.2","client_secret":"the-client-secret","grant_type":"client_credentials"}"""
    )]
    [InlineData(
        "refresh-0",
        """{"client_id":"mcs1.voice.2","refresh_token":"refresh-0","grant_type":"refresh_token"}"""
    )]
    public async Task VK_Cloud_gets_JSON_and_nothing_else(string? refreshToken, string json)
    {
        await using var origin = new RawOrigin
        {
            Answer = _ => RawOrigin.Json(200, """{"access_token":"a","refresh_token":"r","expired_in":"3600"}"""),
        };
        var options = Options.Vk(origin, refreshToken);
        options.TokenEndpoint = new Uri(origin.Address, "auth/oauth/v1/token");
        using var provider = new VkCloudTokenProvider(options);

        await provider.GetTokenAsync(Cancel);

        var request = Assert.Single(origin.Received);
        Assert.Equal(
            [
                "POST /auth/oauth/v1/token HTTP/1.1",
                $"Host: 127.0.0.1:{origin.Port}",
                "Content-Type: application/json",
                $"Content-Length: {json.Length}",
            ],
            request.Head.Split("\r\n")
        );
        Assert.Equal(json, Encoding.UTF8.GetString(request.Body));
    }

    [Fact]
    public async Task Azure_Speech_gets_the_key_a_length_of_zero_and_nothing_else()
    {
        await using var origin = new RawOrigin
        {
            Answer = _ => RawOrigin.Reply(200, "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln"),
        };
        var options = Options.Azure(origin);
        options.TokenEndpoint = new Uri(origin.Address, "sts/v1.0/issueToken");
        using var provider = new AzureSpeechTokenProvider(options);

        await provider.GetTokenAsync(Cancel);

        var request = Assert.Single(origin.Received);
        Assert.Equal(
            [
                "POST /sts/v1.0/issueToken HTTP/1.1",
                $"Host: 127.0.0.1:{origin.Port}",
                "Ocp-Apim-Subscription-Key: the-subscription-key",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: 0",
            ],
            request.Head.Split("\r\n").Order(Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b))))
        );
        Assert.Empty(request.Body);
    }

    private static int Rank(string line) =>
        Array.FindIndex(
            ["POST", "Host", "Ocp-", "Content-Type", "Content-Length", ""],
            start => line.StartsWith(start, StringComparison.Ordinal)
        );
}
