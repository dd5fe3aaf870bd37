namespace TokenAuth;

/// <content>Chooses the grant to store.</content>
internal sealed partial class GrantMemory
{
    /// <summary>The grant that the store does not have yet; null when there is none.</summary>
    public TokenRecord? Pending
    {
        get
        {
            lock (_gate)
                return _pending?.Record;
        }
    }

    /// <summary>Keeps a grant that the vendor gave as pending until the store has it.</summary>
    public void KeepUntilSaved(TokenRecord record)
    {
        lock (_gate)
            _pending = new PendingSave(record, IsOvertaken: false);
    }

    /// <summary>
    /// Chooses the grant to write over the store's record; null when nothing is pending any more. A later grant of another process is written back:
    /// the write shows whether the store works again. A record that somebody took out of the store stays out of it.
    /// </summary>
    /// <param name="pending">The grant that counts as saved then.</param>
    public TokenRecord? BestToSave(TokenRecord? stored, out TokenRecord? pending)
    {
        lock (_gate)
        {
            if (stored is null && _hasSeenRecord)
                _pending = null;
            pending = _pending?.Record;
            if (_pending is null)
                return null;

            return
                stored is not null
                && (stored.RequestedAt > _pending.Record.RequestedAt || _pending.IsOvertaken)
                && !_replaced.Contains(stored.Grant.AccessToken)
                ? stored
                : _pending.Record;
        }
    }

    /// <summary>Notes that the store has this grant, or a better one. True when nothing is pending any more.</summary>
    public bool Saved(TokenRecord record)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_pending?.Record, record))
                _pending = null;

            return _pending is null;
        }
    }
}
