using System.Net.Http.Headers;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

public sealed class LedgerTests : EmulatorFixture
{
    [Fact]
    public async Task Calls_are_counted_by_grant_and_by_client()
    {
        var token = (string)(await Client.MintAsync(VkCloudClient.Voice)).Body["refresh_token"]!;
        await Client.RefreshAsync(VkCloudClient.Voice, token);
        await Client.RefreshAsync(VkCloudClient.Voice, "dead");
        await Client.MintAsync(VkCloudClient.Vision);
        await Client.AzureTokenAsync();

        var ledger = Emulator.Ledger;

        Assert.Equal(2, ledger.ClientCredentialsCalls);
        Assert.Equal(2, ledger.RefreshTokenCalls);
        Assert.Equal(1, ledger.IssueTokenCalls);
        Assert.Equal(5, ledger.TokenCalls);
        Assert.Equal(2, ledger.RefreshTokensMinted);
        Assert.Equal(2, ledger.ActiveRefreshTokens);
        Assert.Equal(4, ledger.AccessTokensMinted);
        Assert.Equal(4, ledger.ActiveAccessTokens);
        var voice = ledger.Clients[VkCloudClient.Voice.ClientId];
        Assert.Equal(
            (1, 2, 1, 2),
            (voice.ClientCredentialsCalls, voice.RefreshTokenCalls, voice.RefreshTokensMinted, voice.AccessTokensMinted)
        );
        Assert.Equal(1, ledger.Clients[VkCloudClient.Vision.ClientId].ClientCredentialsCalls);
    }

    [Fact]
    public async Task Active_tokens_end_with_their_life_and_their_revocation()
    {
        await Client.MintAsync(VkCloudClient.Voice);
        await Client.AzureTokenAsync();
        Assert.Equal(2, Emulator.Ledger.ActiveAccessTokens);

        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, Emulator.Ledger.ActiveAccessTokens);

        Assert.Equal(1, Emulator.RevokeAccessTokens());
        Assert.Equal(0, Emulator.Ledger.ActiveAccessTokens);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public async Task A_token_is_forgotten_a_day_after_its_end(int ticksFromEnd, bool known)
    {
        var (azure, voice) = (await Client.AzureTokenAsync(), await Client.AccessTokenAsync(VkCloudClient.Voice));

        Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(ticksFromEnd));
        await Client.AzureTokenAsync();
        Assert.Equal(401, await GetAsync("cognitiveservices/voices/list", azure));
        Clock.Advance(TimeSpan.FromMinutes(50));
        await Client.MintAsync(VkCloudClient.Voice);
        Assert.Equal(400, await GetAsync("tts?text=hello", voice));

        var (atAzure, atVoice) = (
            Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureTts].OldestTokenAge,
            Emulator.Ledger.Endpoints[TokenServiceEndpoint.VkVoice].OldestTokenAge
        );
        Assert.Equal((known, known), (atAzure > TimeSpan.FromDays(1), atVoice > TimeSpan.FromDays(1)));
        Assert.Equal(4, Emulator.Ledger.AccessTokensMinted);
    }

    [Fact]
    public async Task A_token_request_is_recorded_as_it_came()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Emulator.VkTokenEndpoint, "token?a=%20b"));
        request.Content = new ByteArrayContent("{\"grant_type\": 1}"u8.ToArray());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Twice", ["1", "2"]);

        using var response = await Client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var recorded = Assert.Single(Emulator.Ledger.TokenRequests);
        Assert.Equal("POST", recorded.Method);
        Assert.Equal("/auth/oauth/v1/token?a=%20b", recorded.Target);
        Assert.Equal("application/json", recorded.Headers["content-type"]);
        Assert.Equal("17", recorded.Headers["Content-Length"]);
        Assert.Equal("{\"grant_type\": 1}", recorded.BodyText);
        Assert.Equal(Clock.GetUtcNow(), recorded.ReceivedAt);
        Assert.Equal("POST VkToken, 4 headers, body of 17 bytes", recorded.ToString());
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_recording_keeps_the_latest()
    {
        await using var small = await TokenServiceEmulator.StartAsync(
            new() { MaxRecordedRequests = 2 },
            TestContext.Current.CancellationToken
        );
        using var client = new EmulatorClient(small);
        await client.MintAsync(VkCloudClient.Voice);
        await client.AzureTokenAsync();
        await client.MintAsync(VkCloudClient.Vision);

        var ledger = small.Ledger;

        Assert.Equal(
            [TokenServiceEndpoint.AzureToken, TokenServiceEndpoint.VkToken],
            ledger.TokenRequests.Select(request => request.Endpoint)
        );
        Assert.Equal(3, ledger.TokenCalls);
    }

    [Fact]
    public async Task The_most_concurrent_token_calls_are_known()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Emulator.Faults.Always(
            TokenServiceEndpoint.VkToken,
            new TokenServiceFault(
                async (context, answer) =>
                {
                    await gate.Task;
                    await answer(context);
                }
            )
        );

        var calls = Enumerable.Range(0, 5).Select(_ => Client.MintAsync(VkCloudClient.Voice)).ToList();
        while (Emulator.Ledger.TokenCalls < 5)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        gate.SetResult();
        await Task.WhenAll(calls);
        await Client.AzureTokenAsync();

        Assert.Equal(5, Emulator.Ledger.MostConcurrentTokenCalls);
        Assert.Equal(1, Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureToken].MostConcurrent);
    }

    private async Task<int> GetAsync(string path, string bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Emulator.BaseAddress, path));
        request.Headers.Authorization = new("Bearer", bearer);
        using var response = await Client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
