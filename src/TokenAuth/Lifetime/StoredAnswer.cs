namespace TokenAuth;

/// <summary>
/// Decides for one renewal whether the store's record is its outcome. A grant that is too short for the renewal's caller, or that a probe finds at
/// its first look, serves meanwhile, and the vendor is asked.
/// </summary>
internal sealed class StoredAnswer(Renewal renewal, GrantMemory memory, TimeProvider time)
{
    private bool _hasRead; // used by the one renewal

    /// <summary>Notes the store's record. Returns its token if the vendor need not be asked; null otherwise.</summary>
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
