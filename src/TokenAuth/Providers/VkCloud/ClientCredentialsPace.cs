namespace TokenAuth;

/// <summary>
/// Lets VK Cloud answer a <c>client_credentials</c> request at most once a minute: each one granted costs one of the project's
/// 25 refresh tokens, and one refused will be refused again.
/// </summary>
internal sealed class ClientCredentialsPace(TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private Answer? _last;

    /// <summary>How long to wait still; null when a request may be sent.</summary>
    public TimeSpan? Wait =>
        Volatile.Read(ref _last) is { } last && Left(last) is var left && left > TimeSpan.Zero ? left : null;

    /// <summary>The last answer, where it was a refusal.</summary>
    public TokenEndpointReply? Refusal => Volatile.Read(ref _last)?.Refusal;

    public void Granted() => Volatile.Write(ref _last, new Answer(time.GetTimestamp(), Refusal: null));

    public void Refused(TokenEndpointReply reply) => Volatile.Write(ref _last, new Answer(time.GetTimestamp(), reply));

    private TimeSpan Left(Answer last) => _pause - time.GetElapsedTime(last.At);

    private sealed record Answer(long At, TokenEndpointReply? Refusal);
}
