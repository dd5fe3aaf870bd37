using System.Diagnostics;

namespace TokenAuth;

/// <summary>
/// The refresh tokens that VK Cloud refused in a call that was to spend none. The call that goes on from there does not send them again. Used by
/// one renewal at a time.
/// </summary>
internal sealed class SparingRefusal(TimeProvider time)
{
    private static readonly TimeSpan _longestRenewal = TimeSpan.FromSeconds(40); // as the engine has it

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private string[] _refreshTokens = [];
    private VkCloudTokenResponse? _response;
    private long _keptAt;

    public void Keep(string[] refreshTokens, VkCloudTokenResponse response) =>
        (_refreshTokens, _response, _keptAt) = (refreshTokens, response, time.GetTimestamp());

    /// <summary>Returns the tokens and the response unless a renewal has had the time to end since, and forgets them.</summary>
    public (string[] RefreshTokens, VkCloudTokenResponse? Response) Take()
    {
        var isOver = time.GetElapsedTime(_keptAt) >= _longestRenewal;
        var kept = isOver ? ([], null) : (_refreshTokens, _response);
        (_refreshTokens, _response) = ([], null);

        return kept;
    }
}
