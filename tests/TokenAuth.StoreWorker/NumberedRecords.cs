using System.Globalization;

namespace TokenAuth.StoreWorker;

/// <summary>Records that carry a number twice, so that a lost or torn one shows.</summary>
internal static class NumberedRecords
{
    public static async Task HoldAsync(ITokenStore store, string key)
    {
        await using (await AcquireAsync(store, key))
        {
            Console.WriteLine("held");
            await Task.Delay(Timeout.Infinite);
        }
    }

    /// <summary>Each turn reads the number that stands there and writes the next one.</summary>
    public static async Task WriteAsync(ITokenStore store, string key, int times, bool says)
    {
        for (var turn = 0; turn < times; turn++)
        {
            await using var lease = await AcquireAsync(store, key);
            var next = lease.Record is { } record ? NumberOf(record) + 1 : 1;
            await lease.WriteAsync(Create(next), CancellationToken.None);
            if (says)
                Console.WriteLine(next);
        }
    }

    /// <summary>A store that answers too late, on a machine with much to do, has given nothing: it is asked again.</summary>
    private static async Task<ITokenLease> AcquireAsync(ITokenStore store, string key)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await store.AcquireLeaseAsync(key, CancellationToken.None);
            }
            catch (TokenStoreException e) when (e.InnerException is TimeoutException && attempt < 5) { }
        }
    }

    private static int NumberOf(TokenRecord record)
    {
        var number = record.Grant.AccessToken.Value.Split('-')[1];
        if (number != record.Grant.RefreshToken!.Split('-')[1])
            throw new InvalidOperationException("The record is torn.");

        return int.Parse(number, CultureInfo.InvariantCulture);
    }

    private static TokenRecord Create(int number) =>
        new(
            new TokenGrant(new AccessToken($"access-{number}-{new string('a', 4000)}"))
            {
                RefreshToken = $"refresh-{number}-{new string('r', 4000)}",
            },
            TimeProvider.System.GetUtcNow()
        );
}
