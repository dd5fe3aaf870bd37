using System.Diagnostics;

namespace TokenAuth;

/// <summary>
/// Lets VK Cloud answer a <c>client_credentials</c> request at most once a minute: each one granted costs one of the project's
/// 25 refresh tokens, and one refused will be refused again. Requests whose answers do not arrive may have been granted, too:
/// from the second in a row on there is a minute's pause, and it doubles up to a quarter of an hour.
/// </summary>
internal sealed class ClientCredentialsPace(TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(15);

    private Answer? _last; // written by the one flight

    /// <summary>How long to wait still; null when a request may be sent.</summary>
    public TimeSpan? Wait =>
        Volatile.Read(ref _last) is { } last && Left(last) is var left && left > TimeSpan.Zero ? left : null;

    /// <summary>The last answer, where it was a refusal.</summary>
    public TokenEndpointReply? Refusal => Volatile.Read(ref _last)?.Refusal;

    /// <summary>The refresh token of the last grant; null when there is none.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? RefreshToken => Volatile.Read(ref _last)?.RefreshToken;

    public void Granted(string? refreshToken) =>
        Remember(new Answer(time.GetTimestamp(), _pause) { RefreshToken = refreshToken });

    public void Refused(TokenEndpointReply reply) =>
        Remember(new Answer(time.GetTimestamp(), _pause) { Refusal = reply });

    public void Unanswered()
    {
        var inARow = (_last?.UnansweredInARow ?? 0) + 1;
        var pause = inARow == 1 ? TimeSpan.Zero : TimeSpan.FromTicks(_pause.Ticks << Math.Min(inARow - 2, 4));

        Remember(
            new Answer(time.GetTimestamp(), pause < _longestPause ? pause : _longestPause)
            {
                UnansweredInARow = inARow,
                RefreshToken = RefreshToken,
            }
        );
    }

    private void Remember(Answer answer) => Volatile.Write(ref _last, answer);

    private TimeSpan Left(Answer last) => last.Pause - time.GetElapsedTime(last.At);

    private sealed class Answer(long at, TimeSpan pause)
    {
        public long At => at;

        public TimeSpan Pause => pause;

        public TokenEndpointReply? Refusal { get; init; }

        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public string? RefreshToken { get; init; }

        public int UnansweredInARow { get; init; }
    }
}
