using System.Globalization;

namespace TokenAuth.Benchmarks;

/// <summary>
/// The part of one process of a fleet: the store's share of renewals (read, lease, write, give back) of a vendor that answers at once. A line of input says
/// over how many records; the next line ends them, and the process prints how many it made. It ends with its input, and so with its parent.
/// </summary>
internal static class FleetMemberProgram
{
    public const string Verb = "fleet-member";

    /// <summary>The variable with the store's encryption key: arguments are seen by others.</summary>
    public const string EncryptionKey = "BENCHMARK_ENCRYPTION_KEY";

    public const string Ready = "ready";

    public static async Task RunAsync(string name, string address)
    {
        var store = FleetStore.Open(name, address, Environment.GetEnvironmentVariable(EncryptionKey)!);
        while (!await TryRenewAsync(store, "warm")) { } // connects, on a machine on which all start at once
        Console.WriteLine(Ready);

        while (await Console.In.ReadLineAsync() is { } records)
            Console.WriteLine(await RenewUntilLineAsync(store, int.Parse(records, CultureInfo.InvariantCulture)));

        if (store is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private static async Task<int> RenewUntilLineAsync(ITokenStore store, int records)
    {
        var end = Task.Run(Console.In.ReadLine); // the console has no asynchronous reading
        var renewals = 0;
        while (!end.IsCompleted)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{records}-{Random.Shared.Next(records)}");
            if (await TryRenewAsync(store, key))
                renewals++;
        }

        return renewals;
    }

    /// <summary>False when the store did not answer in time.</summary>
    private static async Task<bool> TryRenewAsync(ITokenStore store, string key)
    {
        try
        {
            await RenewAsync(store, key);
            return true;
        }
        catch (TokenStoreException e) when (e.InnerException is TimeoutException)
        {
            return false;
        }
    }

    private static async Task RenewAsync(ITokenStore store, string key)
    {
        await store.ReadAsync(key, CancellationToken.None);
        await using var lease = await store.AcquireLeaseAsync(key, CancellationToken.None);
        var token = new AccessToken(
            $"{Guid.NewGuid():N}-{new string('a', 50)}",
            TimeProvider.System.GetUtcNow().AddHours(1)
        );
        var grant = new TokenGrant(token) { RefreshToken = new string('r', 50) };

        await lease.WriteAsync(new TokenRecord(grant, TimeProvider.System.GetUtcNow()), CancellationToken.None);
    }
}
