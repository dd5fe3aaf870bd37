using System.Diagnostics;

namespace TokenAuth;

/// <summary>
/// Lets VK Cloud answer a <c>client_credentials</c> request at most once a minute: each one granted costs one of the project's
/// 25 refresh tokens, and one refused will be refused again. A request that may have cost one and brought no usable refresh token is
/// followed by pauses of 1, 4, 10, 15, 15 … minutes: at most six requests in the first hour.
/// </summary>
internal sealed class ClientCredentialsPace(TimeProvider time)
{
    private static readonly TimeSpan[] _pauses =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(4),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(15),
    ];

    private static readonly TimeSpan _keptFor = TimeSpan.FromHours(1);
    private static readonly State _none = new();

    private State _state = _none; // immutable; written by one renewal at a time

    /// <summary>The time to wait still; null when a request may be sent.</summary>
    public TimeSpan? Wait =>
        Current is { Pause: var pause } last && pause - time.GetElapsedTime(last.At) is var left && left > TimeSpan.Zero
            ? left
            : null;

    /// <summary>The last request's end, where it was a refusal.</summary>
    public VkCloudTokenResponse? Refusal => Current.Refusal;

    /// <summary>The reason why the last request was of no use, as a sentence; null when it was of use.</summary>
    public string? Cause => Current.Cause;

    /// <summary>The refresh token of the last grant; null when there is none.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? RefreshToken => Current.RefreshToken;

    /// <summary>A refresh token that no grant carries, because the access token beside it was bad; null when there is none.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? Kept => Current.Kept;

    /// <summary>True for an hour after a refresh token was kept, unless it was renewed or refused since. Nothing but this object has it.</summary>
    public bool HasJustKept =>
        Current is { Kept: not null, KeptAt: var at } && time.GetElapsedTime(at) is var age && age < _keptFor;

    private State Current
    {
        get => Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, value);
    }

    public void Granted(string refreshToken) => Current = Now(_pauses[0]) with { RefreshToken = refreshToken };

    public void Refused(VkCloudTokenResponse refusal) =>
        Current = Now(_pauses[0]) with { Refusal = refusal, Wasted = Current.Wasted };

    /// <summary>A request may have cost a refresh token, and brought no whole grant.</summary>
    public void Wasted(string cause, string? refreshToken = null, VkCloudTokenResponse? refusal = null)
    {
        var before = Current.Wasted;

        Current = Now(_pauses[Math.Min(before, _pauses.Length - 1)]) with
        {
            Wasted = before + 1,
            Cause = cause,
            Kept = refreshToken,
            KeptAt = time.GetTimestamp(),
            Refusal = refusal,
        };
    }

    /// <summary>Keeps a refresh token whose grant was spoilt.</summary>
    public void Keep(string refreshToken) =>
        Current = Current with { Kept = refreshToken, KeptAt = time.GetTimestamp() };

    /// <summary>VK Cloud refused this refresh token.</summary>
    public void Forget(string refreshToken)
    {
        var state = Current;
        if (state.Has(refreshToken))
            Current = state with
            {
                Kept = string.Equals(state.Kept, refreshToken, StringComparison.Ordinal) ? null : state.Kept,
                RefreshToken = string.Equals(state.RefreshToken, refreshToken, StringComparison.Ordinal)
                    ? null
                    : state.RefreshToken,
            };
    }

    /// <summary>A refresh token was renewed: the grant carries what there is.</summary>
    public void Renewed()
    {
        var state = Current;
        if (state.Kept is not null || state.Wasted > 0)
            Current = state with { Kept = null, Wasted = 0 };
    }

    private State Now(TimeSpan pause) => new() { At = time.GetTimestamp(), Pause = pause };

    private sealed record State
    {
        public long At { get; init; }

        public TimeSpan Pause { get; init; }

        public int Wasted { get; init; }

        public string? Cause { get; init; }

        public VkCloudTokenResponse? Refusal { get; init; }

        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public string? RefreshToken { get; init; }

        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public string? Kept { get; init; }

        public long KeptAt { get; init; }

        public bool Has(string refreshToken) =>
            string.Equals(Kept, refreshToken, StringComparison.Ordinal)
            || string.Equals(RefreshToken, refreshToken, StringComparison.Ordinal);

        public override string ToString() => nameof(ClientCredentialsPace); // a record's own would show the tokens
    }
}
