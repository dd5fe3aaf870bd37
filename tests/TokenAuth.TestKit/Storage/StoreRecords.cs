using System.Collections;
using System.Security.Cryptography;

namespace TokenAuth.TestKit;

/// <summary>Keys and records that the store tests share.</summary>
public static class StoreRecords
{
    public const string Key = "0123456789abcdef";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string NewEncryptionKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static TokenRecord Create(string accessToken) =>
        new(
            new TokenGrant(new AccessToken(accessToken)) { RefreshToken = "refresh-of-" + accessToken },
            TimeProvider.System.GetUtcNow()
        );

    /// <summary>A record whose writer is cancelled when it reads the record.</summary>
    public static TokenRecord CreateThatCancels(CancellationTokenSource cancelled) =>
        new(
            new TokenGrant(new AccessToken("cancelled")) { Scopes = new CancellingScopes(cancelled) },
            TimeProvider.System.GetUtcNow()
        );

    public static async Task WriteAsync(this ITokenStore store, string accessToken, string key = Key)
    {
        await using var lease = await store.AcquireInTimeAsync(key);
        await lease.WriteAsync(Create(accessToken), Cancellation);
    }

    /// <summary>Takes the lease and gives it back.</summary>
    public static async Task TakeLeaseAsync(this ITokenStore store, TimeSpan? within = null)
    {
        await using (await store.AcquireInTimeAsync(Key, within)) { }
    }

    // A lease that never comes is a failure, not a test without end.
    private static Task<ITokenLease> AcquireInTimeAsync(this ITokenStore store, string key, TimeSpan? within = null) =>
        store.AcquireLeaseAsync(key, Cancellation).AsTask().WaitAsync(within ?? TimeSpan.FromSeconds(30), Cancellation);

    public static async Task<string?> ReadTokenAsync(this ITokenStore store, string key = Key) =>
        (await store.ReadAsync(key, Cancellation))?.Grant.AccessToken.Value;

    private sealed class CancellingScopes(CancellationTokenSource cancelled) : IReadOnlyCollection<string>
    {
        public int Count => 1;

        public IEnumerator<string> GetEnumerator()
        {
            cancelled.Cancel();
            yield return "scope";
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
