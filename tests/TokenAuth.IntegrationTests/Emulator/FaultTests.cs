using System.Diagnostics;
using System.Net;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

public sealed class FaultTests : EmulatorFixture
{
    private const TokenServiceEndpoint VkToken = TokenServiceEndpoint.VkToken;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_calls_fail_and_the_one_after_works()
    {
        Emulator.Faults.Next(
            VkToken,
            TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable, retryAfter: "7"),
            times: 2
        );

        using var first = await PostAsync();
        using var second = await PostAsync();
        using var third = await PostAsync();

        Assert.Equal([503, 503, 200], [(int)first.StatusCode, (int)second.StatusCode, (int)third.StatusCode]);
        Assert.Equal(TimeSpan.FromSeconds(7), first.Headers.RetryAfter!.Delta);
        Assert.Equal(3, Emulator.Ledger.ClientCredentialsCalls);
        Assert.Equal(1, Emulator.Ledger.RefreshTokensMinted);
        Assert.Equal(2, Emulator.Ledger.Endpoints[VkToken].Faulted);
    }

    [Fact]
    public async Task An_endpoint_fails_until_told()
    {
        Emulator.Faults.Always(VkToken, TokenServiceFault.Status(HttpStatusCode.InternalServerError));
        using var during = await PostAsync();
        using var stillDuring = await PostAsync();
        using var elsewhere = await Client.IssueTokenAsync(Emulator.AzureSpeech.PrimaryKey);

        Emulator.Faults.Clear();
        using var after = await PostAsync();

        Assert.Equal([500, 500, 200], [(int)during.StatusCode, (int)stillDuring.StatusCode, (int)after.StatusCode]);
        Assert.Equal(200, (int)elsewhere.StatusCode);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_connection_is_dropped_before_or_after_the_grant(bool after, int granted)
    {
        Emulator.Faults.Next(
            VkToken,
            after ? TokenServiceFault.DropConnectionAfterGrant() : TokenServiceFault.DropConnection()
        );

        await Assert.ThrowsAsync<HttpRequestException>(PostAsync);

        Assert.Equal(granted, Emulator.Ledger.RefreshTokensMinted);
    }

    [Fact]
    public async Task A_truncated_body_ends_early()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.TruncatedBody());

        using var response = await PostAsync(HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(200, (int)response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(1, Emulator.Ledger.RefreshTokensMinted);
    }

    [Fact]
    public async Task An_oversized_body_is_as_long_as_announced()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.OversizedBody(3_000_001));

        using var response = await PostAsync();

        Assert.Equal(3_000_001, (await response.Content.ReadAsByteArrayAsync(Stop)).Length);
    }

    [Fact]
    public async Task Endless_chunks_end_when_the_client_has_enough()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.EndlessChunks());

        using (var response = await PostAsync(HttpCompletionOption.ResponseHeadersRead))
        {
            var body = await response.Content.ReadAsStreamAsync(Stop);
            await body.ReadExactlyAsync(new byte[1_000_000], Stop);
            Assert.Null(response.Content.Headers.ContentLength);
        }

        using var next = await PostAsync();
        Assert.Equal(200, (int)next.StatusCode);
    }

    [Fact]
    public async Task Garbage_comes_with_status_200()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.Garbage());

        using var response = await PostAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_gzip_bomb_is_small_on_the_wire()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.GzipBomb(10_000_000));

        using var response = await PostAsync();

        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.InRange((await response.Content.ReadAsByteArrayAsync(Stop)).Length, 1, 200_000);
    }

    [Fact]
    public async Task A_redirect_names_its_target()
    {
        var target = new Uri("http://127.0.0.1:9/elsewhere");
        Emulator.Faults.Next(VkToken, TokenServiceFault.Redirect(target, HttpStatusCode.TemporaryRedirect));

        using var response = await PostAsync();

        Assert.Equal(307, (int)response.StatusCode);
        Assert.Equal(target, response.Headers.Location);
    }

    [Fact]
    public async Task A_delay_runs_on_the_clock_it_is_given()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.Delay(TimeSpan.FromSeconds(30), Clock));

        using var response = await Clock.AdvanceUntilAsync(PostAsync(), TimeSpan.FromSeconds(1), maxSteps: 10_000);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.InRange(Emulator.Ledger.TokenRequests[0].ReceivedAt.AddSeconds(30), default, Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_delay_is_real_unless_said()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.Delay(TimeSpan.FromMilliseconds(100)));
        var started = Stopwatch.GetTimestamp();

        using var response = await PostAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 95, 30_000);
    }

    [Fact]
    public async Task A_silent_endpoint_does_not_keep_the_emulator_from_stopping()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.Silence());
        var waiting = PostAsync();
        while (Emulator.Ledger.TokenCalls == 0)
            await Task.Delay(1, Stop);

        await Emulator.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Stop);

        await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
    }

    [Fact]
    public async Task A_dripping_body_arrives_whole()
    {
        Emulator.Faults.Next(VkToken, TokenServiceFault.DrippingBody(TimeSpan.FromMilliseconds(1)));

        using var response = await PostAsync();

        Assert.StartsWith(
            "{\"refresh_token\"",
            await response.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
    }

    private Task<HttpResponseMessage> PostAsync() => PostAsync(HttpCompletionOption.ResponseContentRead);

    private async Task<HttpResponseMessage> PostAsync(HttpCompletionOption completion)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Emulator.VkTokenEndpoint);
        request.Content = new StringContent(
            $$"""{"client_id":"{{VkCloudClient.Voice.ClientId}}","client_secret":"{{VkCloudClient.Voice.ClientSecret}}","grant_type":"client_credentials"}""",
            null,
            "application/json"
        );
        return await Client.Http.SendAsync(request, completion, Stop);
    }
}
