using System.Net;
using System.Net.WebSockets;
using TokenAuth.IntegrationTests.Wire;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>Who gets a websocket, for how long, and what a fault makes of it.</summary>
public sealed class SpeechSocketConnectionTests : EmulatorFixture
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SpeechSocketClient.Interactive, 403)]
    [InlineData(SpeechSocketClient.Universal, 403)]
    [InlineData(SpeechSocketClient.Synthesis, 401)]
    public async Task Header_and_query_count_and_a_wrong_credential_is_refused_at_the_handshake(
        string path,
        int missing
    )
    {
        var token = await Client.AzureTokenAsync();
        var key = Emulator.AzureSpeech.SecondaryKey;
        var sign = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';

        Assert.Equal(101, await HandshakeAsync(path, bearer: token));
        Assert.Equal(101, await HandshakeAsync(path, key: key));
        Assert.Equal(101, await HandshakeAsync($"{path}{sign}Authorization=Bearer%20{token}"));
        Assert.Equal(101, await HandshakeAsync($"{path}{sign}Ocp-Apim-Subscription-Key={key}"));
        Assert.Equal(401, await HandshakeAsync(path, bearer: "wrong"));
        Assert.Equal(401, await HandshakeAsync(path, key: "wrong"));
        Assert.Equal(401, await HandshakeAsync($"{path}{sign}Authorization=Bearer%20wrong"));
        Assert.Equal(401, await HandshakeAsync($"{path}{sign}Authorization=Bearer%20{token}", bearer: "wrong"));
        Assert.Equal(missing, await HandshakeAsync(path));
        Assert.Equal(5, Emulator.Ledger.DataCallsRejected);
    }

    [Fact]
    public async Task Only_a_websocket_may_show_its_credential_in_the_query()
    {
        var query = "?language=en-US&Authorization=Bearer%20" + await Client.AzureTokenAsync();
        using var content = new ByteArrayContent(new byte[10]);
        content.Headers.ContentType = new("audio/wav");

        using var response = await Client.Http.PostAsync(new Uri(Emulator.AzureSttAddress + query), content, Stop);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_request_that_is_no_websocket_is_told_so()
    {
        using var response = await Client.Http.GetAsync(
            new Uri(Emulator.BaseAddress, SpeechSocketClient.Synthesis),
            Stop
        );

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("This address takes websockets only.", await response.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData(-1, 101)]
    [InlineData(0, 401)]
    public async Task A_token_opens_a_websocket_for_ten_minutes(int ticksFromEnd, int status)
    {
        var token = await Client.AzureTokenAsync();
        Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(ticksFromEnd));

        Assert.Equal(status, await HandshakeAsync(SpeechSocketClient.Interactive, bearer: token));
        Assert.Equal(
            TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(ticksFromEnd),
            Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureStt].OldestTokenAge
        );
    }

    [Fact]
    public async Task A_revoked_token_opens_nothing_and_closes_nothing()
    {
        var token = await Client.AzureTokenAsync();
        using var client = await SpeechSocketClient.ConnectAsync(Emulator, SpeechSocketClient.Interactive, token);

        Emulator.RevokeAccessTokens();

        Assert.Equal(401, await HandshakeAsync(SpeechSocketClient.Interactive, bearer: token));
        await client.SendAudioAsync(SpokenAudio.Wave(0.5));
        Assert.Equal("turn.end", (await client.ReceiveTurnAsync())[^1].Path);
    }

    [Fact]
    public async Task A_connection_ends_after_ten_minutes()
    {
        using var client = await ConnectAsync(SpeechSocketClient.Interactive);
        await client.SendAudioAsync(SpokenAudio.Wave(0.5));
        await client.ReceiveTurnAsync();
        client.RequestId = "fedcba9876543210fedcba9876543210";
        Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        await client.SendAudioAsync(SpokenAudio.Wave(0.5));
        Assert.Equal("turn.end", (await client.ReceiveTurnAsync())[^1].Path);

        Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(
            "closed 1000 Exceeded maximum websocket connection duration(> 600000ms)",
            (await client.ReceiveAsync()).Path
        );
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Stop);
        await Until.HoldsAsync(() => Clock.ActiveTimers == 0);
    }

    [Fact]
    public async Task The_ledger_has_the_connection_as_any_other_request()
    {
        var token = await Client.AzureTokenAsync();
        using var client = await SpeechSocketClient.ConnectAsync(
            Emulator,
            SpeechSocketClient.Interactive + "&Authorization=Bearer%20" + token
        );
        using var second = await SpeechSocketClient.ConnectAsync(Emulator, SpeechSocketClient.Interactive, token);
        await client.SendAudioAsync(SpokenAudio.Wave(1));
        await client.ReceiveTurnAsync();

        var tally = Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureStt];
        var request = Emulator.Ledger.DataRequests[0];

        Assert.Equal((2, 2, 0, 32_044), (tally.Calls, tally.MostConcurrent, tally.Rejected, tally.BytesReceived));
        Assert.Equal(("GET", TokenServiceEndpoint.AzureStt), (request.Method, request.Endpoint));
        Assert.EndsWith(token, request.Target, StringComparison.Ordinal);
        Assert.DoesNotContain(token, request.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_meets_faults_and_rejections()
    {
        var token = await Client.AzureTokenAsync();
        Emulator.Faults.Next(
            TokenServiceEndpoint.AzureStt,
            TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable)
        );
        Emulator.Faults.RejectNext(TokenServiceEndpoint.AzureStt);

        Assert.Equal(503, await HandshakeAsync(SpeechSocketClient.Interactive, bearer: token));
        Assert.Equal(401, await HandshakeAsync(SpeechSocketClient.Interactive, bearer: token));
        Assert.Equal(101, await HandshakeAsync(SpeechSocketClient.Interactive, bearer: token));
        var tally = Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureStt];
        Assert.Equal((3, 1, 1), (tally.Calls, tally.Faulted, tally.Rejected));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_fault_drops_the_connection_after_so_many_messages(int messages)
    {
        Emulator.Faults.Next(TokenServiceEndpoint.AzureStt, TokenServiceFault.DropConnectionAfter(messages));
        using var client = await ConnectAsync(SpeechSocketClient.Interactive);
        await client.SendAudioAsync(SpokenAudio.Wave(0.5));

        for (var i = 0; i < messages; i++)
            await client.ReceiveAsync();

        var dropped = await Assert.ThrowsAsync<WebSocketException>(client.ReceiveAsync);
        Assert.Equal(WebSocketError.ConnectionClosedPrematurely, dropped.WebSocketErrorCode);
    }

    [Fact]
    public async Task A_fault_falls_silent_after_so_many_messages()
    {
        Emulator.Faults.Next(TokenServiceEndpoint.AzureStt, TokenServiceFault.SilenceAfter(1));
        using var client = await ConnectAsync(SpeechSocketClient.Interactive);
        await client.SendAudioAsync(SpokenAudio.Wave(0.5));
        Assert.Equal("turn.start", (await client.ReceiveAsync()).Path);

        // The close message is answered after all audio was heard.
        await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Stop);

        Assert.Equal("closed 1000 ", (await client.ReceiveAsync()).Path);
        Assert.Equal(16_044, Emulator.Ledger.Endpoints[TokenServiceEndpoint.AzureStt].BytesReceived);
    }

    [Fact]
    public async Task A_fault_of_websockets_meets_other_requests_too()
    {
        Emulator.Faults.Next(TokenServiceEndpoint.AzureTts, TokenServiceFault.DropConnectionAfter(3));
        using var content = new StringContent("<speak/>");

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            Client.Http.PostAsync(Emulator.AzureTtsAddress, content, Stop)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenServiceFault.SilenceAfter(-1));
    }

    [Fact]
    public async Task An_emulator_that_listens_everywhere_is_reached_on_this_machine()
    {
        await using var emulator = await TokenServiceEmulator.StartAsync(new() { Address = IPAddress.Any }, Stop);

        Assert.Equal("127.0.0.1", emulator.BaseAddress.Host);
        Assert.Equal($"ws://127.0.0.1:{emulator.BaseAddress.Port}/", emulator.AzureSpeechHost.AbsoluteUri);
        using var client = await SpeechSocketClient.ConnectAsync(
            emulator,
            SpeechSocketClient.Synthesis,
            key: emulator.AzureSpeech.PrimaryKey
        );
        Assert.Equal(101, client.Status);
    }

    private async Task<SpeechSocketClient> ConnectAsync(string path) =>
        await SpeechSocketClient.ConnectAsync(Emulator, path, await Client.AzureTokenAsync());

    private async Task<int> HandshakeAsync(string path, string? bearer = null, string? key = null)
    {
        using var client = await SpeechSocketClient.ConnectAsync(Emulator, path, bearer, key);
        return client.Status;
    }
}
