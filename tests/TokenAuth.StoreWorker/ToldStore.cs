using System.Globalization;

namespace TokenAuth.StoreWorker;

/// <summary>
/// Tells of each step with the store: what it was, from when to when, and the refresh token of the record, <c>none</c>, <c>failed</c>, or
/// <c>left</c> where the caller has left.
/// </summary>
internal sealed class ToldStore(ITokenStore store, Action<string, string> say) : ITokenStore
{
    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
        await TellAsync(
            "read",
            async () => await store.ReadAsync(key, cancellationToken),
            record => record,
            cancellationToken
        );

    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken) =>
        new Lease(
            this,
            await TellAsync(
                "lease",
                async () => await store.AcquireLeaseAsync(key, cancellationToken),
                lease => lease.Record,
                cancellationToken
            )
        );

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) =>
        store.RemoveAsync(key, cancellationToken);

    private async Task<T> TellAsync<T>(
        string step,
        Func<Task<T>> take,
        Func<T, TokenRecord?> recordOf,
        CancellationToken left
    )
    {
        var from = Now;
        var outcome = "failed";
        try
        {
            var taken = await take();
            outcome = recordOf(taken)?.Grant.RefreshToken is { } refreshToken ? Fingerprint.Of(refreshToken) : "none";

            return taken;
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            outcome = "left";
            throw;
        }
        finally
        {
            say("did", string.Create(CultureInfo.InvariantCulture, $"{step} {from} {Now} {outcome}"));
        }
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed class Lease(ToldStore told, ITokenLease lease) : ITokenLease
    {
        public TokenRecord? Record => lease.Record;

        public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken) =>
            await told.TellAsync(
                "write",
                async () =>
                {
                    await lease.WriteAsync(record, cancellationToken);

                    return record;
                },
                written => written,
                cancellationToken
            );

        public ValueTask DisposeAsync() => lease.DisposeAsync();
    }
}
