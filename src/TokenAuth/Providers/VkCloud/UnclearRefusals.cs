namespace TokenAuth;

/// <summary>
/// Counts the refreshes of one refresh token that were perhaps refused: by a firewall's page in place of VK Cloud's response, or by an error in
/// words that are not known. Neither says much of the refresh token; after three in a row, over a minute at least, the refusal is believed:
/// otherwise a vendor that answers so would never be asked for a new grant.
/// </summary>
internal sealed class UnclearRefusals(TimeProvider time)
{
    private const int Enough = 3;

    private static readonly TimeSpan _shortestSpan = TimeSpan.FromMinutes(1);

    private string? _refreshToken; // used by the one renewal
    private long _firstAt;
    private int _count;

    /// <summary>Counts one more; true when that makes it a refusal.</summary>
    public bool AddAndBelieve(string refreshToken)
    {
        if (!string.Equals(_refreshToken, refreshToken, StringComparison.Ordinal))
            (_refreshToken, _firstAt, _count) = (refreshToken, time.GetTimestamp(), 0);

        return ++_count >= Enough && time.GetElapsedTime(_firstAt) >= _shortestSpan;
    }

    /// <summary>VK Cloud itself answered, and clearly.</summary>
    public void Clear() => (_refreshToken, _count) = (null, 0);
}
