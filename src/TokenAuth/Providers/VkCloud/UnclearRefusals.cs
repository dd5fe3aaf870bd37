namespace TokenAuth;

/// <summary>
/// Counts, for each refresh token, the refreshes that were perhaps refused: by a firewall's page in place of VK Cloud's response, or by an error in
/// words that are not known. Neither says much of the refresh token; after three in a row, over a minute at least, the refusal is believed:
/// otherwise a vendor that answers so would never be asked for a new grant.
/// </summary>
internal sealed class UnclearRefusals(TimeProvider time)
{
    private const int Enough = 3;

    private static readonly TimeSpan _shortestSpan = TimeSpan.FromMinutes(1);

    // Used by the one renewal. One series may try several refresh tokens, and none of them says anything of another.
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one more; true when that makes it a refusal.</summary>
    public bool AddAndBelieve(string refreshToken)
    {
        var count = _counts.TryGetValue(refreshToken, out var before)
            ? before with
            {
                Number = before.Number + 1,
            }
            : new Count(time.GetTimestamp(), 1);
        _counts[refreshToken] = count;

        return count.Number >= Enough && time.GetElapsedTime(count.FirstAt) >= _shortestSpan;
    }

    /// <summary>VK Cloud itself answered to this refresh token, and clearly.</summary>
    public void Clear(string refreshToken) => _counts.Remove(refreshToken);

    /// <summary>VK Cloud made a grant: who answered before it counts no longer.</summary>
    public void Clear() => _counts.Clear();

    private sealed record Count(long FirstAt, int Number);
}
