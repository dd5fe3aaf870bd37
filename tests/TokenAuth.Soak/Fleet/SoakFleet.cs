namespace TokenAuth.Soak;

/// <summary>What the faults need to know of the run.</summary>
internal sealed record SoakFleet(
    SoakClock Clock,
    Tally Tally,
    IReadOnlyList<Vendor> Vendors,
    IReadOnlyList<Member> Sharing,
    Member Alone
)
{
    /// <summary>One of those who use the line, by any number.</summary>
    public Member Of(TokenLine line, int member) => line == TokenLine.Spare ? Alone : Sharing[member % Sharing.Count];

    /// <summary>How many objects that are kept fresh have an old token.</summary>
    public async Task<int> CountOldCopiesAsync(CancellationToken cancellationToken)
    {
        var recognizers = Sharing.Append(Alone).SelectMany(member => member.Recognizers);
        var fresh = await Task.WhenAll(recognizers.Select(recognizer => recognizer.IsFreshAsync(cancellationToken)));

        return fresh.Count(isFresh => !isFresh);
    }

    /// <summary>Whether every member has the same token.</summary>
    public async Task<bool> SharesAsync(TokenLine line, CancellationToken cancellationToken)
    {
        var tokens = await Task.WhenAll(Sharing.Select(member => member.TokenAsync(line, cancellationToken)));

        return tokens.Distinct(StringComparer.Ordinal).Count() == 1;
    }

    /// <summary>
    /// Three in four share VK Cloud's and Azure's tokens evenly; the others are with the one that is alone, half of them by token, half
    /// by key.
    /// </summary>
    public IEnumerable<Caller> Callers(int count, int seed)
    {
        ApiCall[] shared = [ApiCall.Voice, ApiCall.Vision, ApiCall.Stt];
        for (var i = 0; i < count; i++)
        {
            yield return i % 4 == 3
                ? new(i % 8 == 3 ? ApiCall.Tts : ApiCall.TtsByKey, Alone, Tally, Clock, seed + i)
                : new(shared[i % 4], Sharing[i / 4 % Sharing.Count], Tally, Clock, seed + i);
        }
    }
}
