namespace TokenAuth;

/// <content>Once it is out of memory: whoever still has it resolves the tenant again.</content>
internal sealed partial class Tenant
{
    private volatile bool _isOut;
    private Tenant? _next; // who came after it is out
    private AccessToken? _refused; // once it is out, the store may bring it back

    /// <summary>Itself while it is in memory; the one that came after it otherwise.</summary>
    private Tenant Latest
    {
        get
        {
            var latest = this;
            while (latest._isOut && Volatile.Read(ref latest._next) is { } next)
                latest = next;

            return latest;
        }
    }

    /// <summary>Notes that it left memory: its holders resolve again.</summary>
    public void Leave() => _isOut = true;

    private async ValueTask<Tenant> ReturnAsync(CancellationToken cancellationToken)
    {
        var next = await _all.GetAsync(Name, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _next, next);

        return next;
    }

    private async ValueTask<AccessToken> KeyAgainAsync(AccessToken? refused, CancellationToken cancellationToken)
    {
        var next = await ReturnAsync(cancellationToken).ConfigureAwait(false);

        var key = await next.GetKeyAsync(refused, cancellationToken).ConfigureAwait(false);
        if (!string.Equals(refused?.Value, key.Value, StringComparison.Ordinal))
            return key;

        next.LatestKey.Invalidate(key); // its provider is new and does not know
        return await next.GetKeyAsync(refused, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<AccessToken> OverForgettingAsync(
        ValueTask<AccessToken> token,
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await token.ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (_isOut)
        {
            // It was forgotten while this caller waited.
        }

        return await AgainAsync(minimumRemaining, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<AccessToken> AgainAsync(TimeSpan minimumRemaining, CancellationToken cancellationToken)
    {
        var next = await ReturnAsync(cancellationToken).ConfigureAwait(false);

        var token = await next.GetTokenAsync(minimumRemaining, cancellationToken).ConfigureAwait(false);
        if (!string.Equals(Volatile.Read(ref _refused)?.Value, token.Value, StringComparison.Ordinal))
            return token;

        next.Invalidate(token); // refused before, and restored from the store
        return await next.GetTokenAsync(minimumRemaining, cancellationToken).ConfigureAwait(false);
    }
}
