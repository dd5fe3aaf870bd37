namespace TokenAuth;

/// <summary>
/// Judges what the store has as the answer to one renewal. A grant that is too short for its caller, or that a probe finds there, serves
/// meanwhile, and the vendor is asked.
/// </summary>
internal sealed class StoredAnswer(Renewal renewal, GrantMemory memory, TimeProvider time)
{
    private bool _hasRead; // used by the one renewal

    /// <summary>Notes what the store has, and gives it back if the vendor need not be asked.</summary>
    public HeldToken? Take(TokenRecord? record)
    {
        var isFirst = !_hasRead;
        _hasRead = true;
        if (memory.TakeStored(record) is not { } stored)
            return null;

        // To a probe, only what came after its first look.
        if (renewal.IsProbe ? !isFirst : !(stored.RemainingLife(time) < renewal.Minimum))
            return stored;

        memory.Serve(stored);

        return null;
    }
}
