namespace TokenAuth;

/// <summary>
/// Lets VK Cloud answer a <c>client_credentials</c> request at most once a minute: each one granted costs one of the project's
/// 25 refresh tokens, and one refused will be refused again.
/// </summary>
internal sealed class ClientCredentialsPace(TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private long? _answeredAt; // used by the one flight only

    /// <summary>How long to wait still; null when a request may be sent.</summary>
    public TimeSpan? Wait =>
        _answeredAt is { } at && _pause - time.GetElapsedTime(at) is var left && left > TimeSpan.Zero ? left : null;

    public void Answered() => _answeredAt = time.GetTimestamp();
}
