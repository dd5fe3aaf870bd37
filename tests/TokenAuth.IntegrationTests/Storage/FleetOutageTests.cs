using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>
/// Three applications on one database that goes away, on one clock that the test moves: minutes of the vendor's time pass in
/// milliseconds. The database is real, and so is the store's own clock.
/// </summary>
public sealed class FleetOutageTests(OwnPostgres own) : IClassFixture<OwnPostgres>, IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();
    private readonly List<VkCloudTokenProvider> _applications = [];
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);
    private TokenServiceEmulator _emulator = null!; // set before the first test

    private static CancellationToken Cancellation => TestRun.Cancellation;

    public async ValueTask InitializeAsync() =>
        _emulator = await FleetVendor.StartAsync(VkCloudRefreshTokenRule.Echoed, TimeSpan.FromHours(1), _clock);

    [Theory, Trait("Failure", "41")]
    [InlineData(2)]
    [InlineData(120)]
    public async Task A_database_that_is_away_for_minutes_fails_no_caller_and_is_shared_again_when_it_is_back(
        int minutesAway
    )
    {
        var postgres = await own.GetAsync();
        var table = PostgresFixture.NewTable();
        var stores = Enumerable
            .Range(0, 3)
            .Select(_ => new PostgresTokenStore(
                postgres.ConnectionString,
                new PostgresTokenStoreOptions { Table = table, EncryptionKey = _encryptionKey }
            ))
            .ToList();
        _applications.AddRange(stores.Select(store => _emulator.CreateApplication(store, _clock)));
        await LiveAsync(TimeSpan.FromMinutes(40));

        await postgres.StopAsync();
        await LiveAsync(TimeSpan.FromMinutes(minutesAway)); // throws if a single caller fails
        await postgres.StartAsync();

        Assert.Equal(1, _emulator.Ledger.RefreshTokensMinted);
        await LiveAsync(TimeSpan.FromHours(1)); // what each had obtained alone is behind them
        await LiveUntilOneTokenIsInUseAsync();
        _tokens.Clear();
        await LiveUntilOneTokenIsInUseAsync();
        var (callsBefore, tokensBefore) = (_emulator.Ledger.TokenCalls, _tokens.Count);
        await LiveAsync(TimeSpan.FromHours(4));
        await LiveUntilOneTokenIsInUseAsync();
        Assert.Equal(_tokens.Count - tokensBefore, _emulator.Ledger.TokenCalls - callsBefore);
        Assert.Equal(1, _emulator.Ledger.RefreshTokensMinted);
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var application in _applications)
            await application.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    /// <summary>Each renews at a moment of its own: for some minutes of an hour, some have the next token already.</summary>
    private async Task LiveUntilOneTokenIsInUseAsync()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            var (callsBefore, tokensBefore) = (_emulator.Ledger.TokenCalls, _tokens.ToList());
            _tokens.Clear();
            await LiveAsync(TimeSpan.FromMinutes(1));
            var inUse = _tokens.Count;
            _tokens.UnionWith(tokensBefore);
            if (inUse == 1 && _emulator.Ledger.TokenCalls == callsBefore)
                return;
        }

        Assert.Fail("For an hour the applications had different tokens.");
    }

    /// <summary>Every application asks every minute; the clock waits for renewals under way, as the engine's limits are on it.</summary>
    private async Task LiveAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(1))
        {
            foreach (var application in _applications)
                _tokens.Add((await application.GetTokenAsync(Cancellation)).Value);
            while (_applications.Any(application => ((IRenewingProvider)application).Engine!.IsRenewing))
                await Task.Delay(1, Cancellation);
            await Task.Delay(5, Cancellation); // for what is saved after a renewal
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }
}
