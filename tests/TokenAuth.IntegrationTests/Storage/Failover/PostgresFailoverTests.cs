using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>A streaming standby takes over from its primary. The address is one that is switched, or both stand in the connection string.</summary>
public sealed class PostgresFailoverTests : IAsyncDisposable
{
    private const string Switched = "switched";
    private const string Two = "two";
    private const string TwoPrimary = "two;Target Session Attributes=primary";
    private const string TwoReadWrite = "two;Target Session Attributes=read-write";

    private readonly ManualTimeProvider _clock = new();
    private readonly string _table = PostgresFixture.NewTable();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private readonly List<PostgresTokenStore> _stores = [];

    private static CancellationToken Cancellation => TestRun.Cancellation;

    // One failover each way in a normal run: two servers have to be made for each.
    public static TheoryData<string> Addresses =>
        TestRun.IsFull ? [Switched, Two, TwoPrimary, TwoReadWrite] : [Switched, TwoPrimary];

    public static TheoryData<string> SeveralHosts => TestRun.IsFull ? [Two, TwoPrimary, TwoReadWrite] : [TwoPrimary];

    [Theory, Trait("Failure", "75")]
    [MemberData(nameof(Addresses))]
    public async Task A_failover_costs_no_caller_a_token_and_the_vendor_no_refresh_token(string how)
    {
        await using var pair = await PostgresPair.StartAsync();
        await using var emulator = await FleetVendor.StartAsync(
            VkCloudRefreshTokenRule.SingleUse,
            TimeSpan.FromHours(1),
            _clock
        );
        var applications = Enumerable
            .Range(0, 3)
            .Select(_ => emulator.CreateApplication(Open(pair, how), _clock))
            .ToList();
        await LiveAsync(applications, TimeSpan.FromHours(2));
        var callsBefore = emulator.Ledger.TokenCalls;
        await pair.Primary.UntilCopiedAsync();

        await pair.FailOverAsync();
        await LiveAsync(applications, TimeSpan.FromHours(4)); // throws if a single caller fails

        Assert.Equal(1, emulator.Ledger.RefreshTokensMinted);
        Assert.InRange(emulator.Ledger.TokenCalls - callsBefore, 4, 8); // a life is 38 to 49 minutes
        await using var fresh = emulator.CreateApplication(Open(pair, how), _clock);
        var calls = emulator.Ledger.TokenCalls;
        await fresh.GetTokenAsync(Cancellation);
        Assert.Equal(calls, emulator.Ledger.TokenCalls); // it found the grant on the new primary
        foreach (var application in applications)
            await application.DisposeAsync();
    }

    [Fact, Trait("Failure", "75")]
    public async Task A_switch_that_leaves_the_old_sessions_open_is_not_noticed()
    {
        await using var pair = await PostgresPair.StartAsync();
        var store = Open(pair, Switched);
        await store.WriteAsync("one");

        await pair.SwitchOverAsync();
        await store.WriteAsync("two");

        Assert.Equal("two", await Open(pair, Switched).ReadTokenAsync());
    }

    [Theory, Trait("Failure", "75")]
    [MemberData(nameof(SeveralHosts))]
    public async Task A_primary_that_comes_back_as_a_standby_is_written_to_no_more(string how)
    {
        await using var pair = await PostgresPair.StartAsync();
        var store = Open(pair, how);
        await store.WriteAsync("one");
        await pair.Primary.UntilCopiedAsync();

        await pair.FailOverAsync();
        await pair.Primary.FollowAsync(pair.Standby);
        await store.WriteAsync("two");

        Assert.Equal("two", await store.ReadTokenAsync());
        Assert.Equal("two", await Open(pair, how).ReadTokenAsync());
    }

    [Theory, Trait("Failure", "82")]
    [MemberData(nameof(Addresses))]
    public async Task After_a_failover_that_lost_the_last_record_a_late_write_does_not_overwrite_the_next_one(
        string how
    )
    {
        await using var pair = await PostgresPair.StartAsync();
        var store = Open(pair, how);
        await store.WriteAsync("one");
        await pair.Primary.UntilCopiedAsync();
        await pair.Standby.CutOffAsync(); // it lacks what comes now
        await store.WriteAsync("two");
        await using var stalled = await store.AcquireLeaseAsync(StoreRecords.Key, Cancellation);
        Assert.Equal("two", stalled.Record?.Grant.AccessToken.Value);

        await pair.FailOverAsync();
        var next = Open(pair, how);
        Assert.Equal("one", await next.ReadTokenAsync());
        await next.WriteAsync("three");
        var error = await Assert.ThrowsAsync<TokenStoreException>(async () =>
            await stalled.WriteAsync(StoreRecords.Create("late"), Cancellation)
        );

        Assert.Equal(
            "The record 0123456789abcdef was written by another process after this one's lease had ended; the newer record stays.",
            error.Message
        );
        Assert.Equal("three", await next.ReadTokenAsync());
    }

    [Theory, Trait("Failure", "81")]
    [MemberData(nameof(SeveralHosts))]
    public async Task A_process_that_starts_during_a_failover_waits_for_the_new_primary(string how)
    {
        await using var pair = await PostgresPair.StartAsync();
        await Open(pair, how).WriteAsync("one");
        await pair.Primary.UntilCopiedAsync();
        await pair.Primary.StopAsync("-KILL");

        var waiting = Open(pair, how).AcquireLeaseAsync(StoreRecords.Key, Cancellation).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);
        Assert.False(waiting.IsCompleted, "It did not wait.");
        await pair.PromoteAsync();

        await using var lease = await waiting;
        Assert.Equal("one", lease.Record?.Grant.AccessToken.Value);
    }

    [FullRunFact]
    [Trait("Failure", "43")]
    [Trait("Failure", "81")]
    public async Task A_process_that_starts_while_there_is_only_a_standby_reads_from_it()
    {
        await using var pair = await PostgresPair.StartAsync();
        await Open(pair, Two).WriteAsync("one");
        await Open(pair, Two).WriteAsync("other", key: "damaged");
        await PostgresFixture.ExecuteAsync(
            pair.Primary.ConnectionString,
            $"UPDATE {_table} SET record = 'damage' WHERE key = 'damaged'"
        );
        await pair.Primary.UntilCopiedAsync();
        await pair.Primary.StopAsync("-KILL");
        var started = Open(pair, Two);

        Assert.Equal("one", await started.ReadTokenAsync());
        Assert.Null(await started.ReadTokenAsync("damaged"));

        await pair.PromoteAsync();
        await started.WriteAsync("two");
        Assert.Equal("two", await started.ReadTokenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
    }

    private PostgresTokenStore Open(PostgresPair pair, string how)
    {
        var store = new PostgresTokenStore(
            pair.ConnectionStringFor(how),
            new PostgresTokenStoreOptions { Table = _table, EncryptionKey = _encryptionKey }
        );
        _stores.Add(store);

        return store;
    }

    /// <summary>Every application asks every minute; the clock waits for renewals under way, as the engine's limits are on it.</summary>
    private async Task LiveAsync(IReadOnlyList<VkCloudTokenProvider> applications, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(1))
        {
            foreach (var application in applications)
                await application.GetTokenAsync(Cancellation);
            while (applications.Any(application => ((IRenewingProvider)application).Engine!.IsRenewing))
                await Task.Delay(1, Cancellation);
            await Task.Delay(2, Cancellation); // for what is saved after a renewal
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }
}
