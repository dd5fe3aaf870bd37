namespace TokenAuth;

/// <content>While the vendor is to be left alone, another process may have renewed: the store knows.</content>
public sealed partial class CachedTokenProvider
{
    private static readonly TimeSpan _lookPeriod = TimeSpan.FromSeconds(1);

    private long? _lookedAt; // guarded by _gate: when the last look ended

    // Called under _gate. Null: no look is under way or due.
    private Flight? LookFrom(TokenState state)
    {
        if (_store is null || _store.Failing is not null || state <= TokenState.Stale)
            return null; // a store that fails would only make callers wait for its time limit

        return _flight is null && (_lookedAt is not { } at || _time.GetElapsedTime(at) >= _lookPeriod)
            ? TakeOff(ReasonIn(state), TimeSpan.Zero, isLook: true)
            : _flight;
    }

    private async Task<Renewal> LookAsync()
    {
        try
        {
            var stored = await _renewal.LookAsync(IsWorthMore, Restore, _lifetime.Token).ConfigureAwait(false);

            return stored is null ? Renewal.NotFound : new Renewal(stored);
        }
#pragma warning disable CA1031 // as with a renewal: it has to land; what ends here is the provider
        catch (Exception)
#pragma warning restore CA1031
        {
            return Renewal.NotFound;
        }
    }
}
