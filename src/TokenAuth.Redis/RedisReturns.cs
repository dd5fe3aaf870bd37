namespace TokenAuth;

/// <summary>Gives leases back. A server that cannot be reached frees them itself when they end.</summary>
internal sealed class RedisReturns(RedisExchange exchange)
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private Task _pending = Task.CompletedTask; // guarded by _gate

    public async Task GiveBackAsync(RedisOwner owner)
    {
        try
        {
            await exchange
                .RunAsync(new RedisStep(RedisScripts.Release, owner.Keys, owner.Id), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (TokenStoreException)
        {
            // It ends by itself.
        }
    }

    /// <summary>Gives one back beside the caller, who has a failure to report.</summary>
    public void Begin(RedisOwner owner)
    {
        var returned = GiveBackAsync(owner);
        lock (_gate)
            _pending = Task.WhenAll(_pending, returned);
    }

    /// <summary>Waits until all have been given back, at most two seconds.</summary>
    public async Task CompleteAsync()
    {
        Task pending;
        lock (_gate)
            pending = _pending;

        await Task.WhenAny(pending, Task.Delay(_longestWait, TimeProvider.System)).ConfigureAwait(false);
    }
}
