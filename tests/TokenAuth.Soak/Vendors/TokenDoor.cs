using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>What every token request passes that meets no other fault: it is entered in its line's account, and may be made to wait.</summary>
internal sealed class TokenDoor(Func<TokenLine, CallAccount> accounts, SoakClock clock, Action<string> log)
{
    private TimeSpan _wait; // written before _waitsLeft
    private int _waitsLeft;
    private int _passed;
    private int _present;

    public int Passed => Volatile.Read(ref _passed);

    public bool IsEmpty => Volatile.Read(ref _present) == 0;

    public bool IsLate => Volatile.Read(ref _waitsLeft) > 0;

    /// <summary>The next requests are answered late.</summary>
    public void AnswerLate(TimeSpan by, int times)
    {
        _wait = by;
        Volatile.Write(ref _waitsLeft, times);
    }

    public TokenServiceFault ToFault() => new(AnswerAsync);

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        Interlocked.Increment(ref _passed);
        Interlocked.Increment(ref _present);
        try
        {
            var account = accounts(LineOf(context.Request));
            if (Interlocked.Decrement(ref _waitsLeft) >= 0)
                await Task.Delay(_wait, clock.Machines, context.RequestAborted);

            var call = account.Arrive();
            await answer(context);
            if (!account.Answered(call, context.Response.StatusCode == StatusCodes.Status200OK))
                log(
                    $"without a reason: a token call of '{account.Line.Name}', answered {context.Response.StatusCode}, the newest token {clock.Elapsed - (call.Before ?? TimeSpan.Zero):hh\\:mm\\:ss} old"
                );
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    private static TokenLine LineOf(HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/sts", StringComparison.Ordinal))
            return TokenLine.Speech;
        if (request.Path.StartsWithSegments("/v1.0", StringComparison.Ordinal))
            return TokenLine.Spare;

        // The emulator has read it into memory.
        using var body = JsonDocument.Parse(request.Body);
        request.Body.Position = 0;
        return body.RootElement.GetProperty("client_id").GetString() == VkCloudClient.Voice.ClientId
            ? TokenLine.Voice
            : TokenLine.Vision;
    }
}
