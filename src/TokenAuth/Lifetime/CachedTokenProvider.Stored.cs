namespace TokenAuth;

/// <content>A look into the store, without a call of the vendor.</content>
public sealed partial class CachedTokenProvider
{
    internal bool HasStore => _store is not null;

    /// <summary>Reads what the store has, and uses none of it. A store that fails shows in <see cref="Snapshot"/>.</summary>
    internal async Task<StoredGrant> ReadStoredAsync(CancellationToken cancellationToken)
    {
        if (_store is null)
            return new StoredGrant(HasRead: false, Record: null, State: null);

        var (hasRead, record) = await _store.ReadAsync(cancellationToken).ConfigureAwait(false);

        return new StoredGrant(hasRead, record, _memory.Reader.Stored(record)?.State(_time));
    }

    /// <summary>
    /// True when the store would keep a renewed grant: it gives the lease, and takes the record that comes with it back unchanged. Where there is no
    /// record nothing is written, and where another process does not give the lease back nothing is tried: both count as true. False without a
    /// store. A store that fails shows in <see cref="Snapshot"/>.
    /// </summary>
    internal async Task<bool> CanStoreAsync(CancellationToken cancellationToken) =>
        _store is not null && await _store.CanKeepAsync(cancellationToken).ConfigureAwait(false);
}
