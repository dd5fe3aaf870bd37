namespace TokenAuth;

/// <summary>Reads one record, which needs no gate. A damaged one is set aside, which does.</summary>
internal sealed class RecordReading(string key, RecordFiles files, FileStoreParts store)
{
    /// <summary>The bytes in the record's place and the record; no record when it is damaged.</summary>
    public (byte[]? Content, TokenRecord? Record) Read()
    {
        var content = files.Read();
        if (content is null || EmptyRecord.Is(content))
            return (content, null);

        try
        {
            return (content, store.Sealer.Open(key, content));
        }
        catch (InvalidDataException e)
        {
            return (TrySetAside(content, e.Message) ?? content, null);
        }
    }

    /// <summary>True when the bytes were a record and are none any more.</summary>
    /// <exception cref="TokenStoreException">They are whole, but sealed with a key that is not configured, or of a newer version.</exception>
    public bool IsDamaged(byte[] content)
    {
        if (EmptyRecord.Is(content))
            return false;

        try
        {
            store.Sealer.Open(key, content);

            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>Null when somebody else is at the files: whoever is inside comes upon the damage too.</summary>
    private byte[]? TrySetAside(byte[] damage, string what)
    {
        var empty = EmptyRecord.Damaged();
        using var evidence = FileDraft.Write(files, damage);
        using var draft = FileDraft.Write(files, empty);
        using (var gate = files.TryEnter(store.Time.GetUtcNow()))
            if (
                gate is null
                || files.Read()?.AsSpan().SequenceEqual(damage) != true
                || !evidence.TryMoveTo(files.Damaged)
                || !files.TryReplace(draft)
            )
                return null;

        files.Flush();
        store.Logger.SetAside(key, files.Damaged, what);

        return empty;
    }
}
