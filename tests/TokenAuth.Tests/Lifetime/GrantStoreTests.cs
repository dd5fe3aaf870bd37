using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>A store's outage: never the caller's, logged when it begins and when it ends, counted each time.</summary>
public sealed class GrantStoreTests : IDisposable
{
    private const string GoesOn =
        " The provider goes on with the grant it has in memory; a grant obtained meanwhile is neither shared nor kept over a "
        + "restart until the store works again.";

    private readonly string _name = "provider-" + Guid.NewGuid().ToString("N");
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedStore _scripted = new();
    private readonly RecordedLogs _logs = new();
    private readonly RecordedMeasurements _measurements;
    private readonly GrantStore _store;

    public GrantStoreTests()
    {
        _measurements = new RecordedMeasurements(_name);
        _store = new GrantStore(_scripted, "key", _name, _time, _logs);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Failure", "41")]
    [InlineData("read")]
    [InlineData("lease")]
    [InlineData("write")]
    public async Task An_outage_is_logged_when_it_begins_and_when_it_ends(string operation)
    {
        _scripted.FailAt(operation);
        Assert.False(await WorksAsync(operation));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await WorksAsync(operation));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), _store.Failing?.Since);

        _scripted.Before = null;
        Assert.True(await WorksAsync(operation));
        Assert.True(await WorksAsync(operation));

        Assert.Null(_store.Failing);
        Assert.Equal(
            [
                $"Warning 20: The token store fails for provider '{_name}': The disk is full.{GoesOn}",
                $"Information 21: The token store works again for provider '{_name}'; it had failed since 2026-01-01T00:00:00.0000000+00:00.",
            ],
            _logs.Lines
        );
        Assert.Equal([operation, operation], FailedOperations());
    }

    // A lease brings the record along, and nothing is written without one.
    [Theory]
    [Trait("Failure", "41")]
    [InlineData("read", "read", true)]
    [InlineData("read", "lease", true)]
    [InlineData("read", "write", true)]
    [InlineData("lease", "read", false)]
    [InlineData("lease", "write", true)]
    [InlineData("write", "read", false)]
    [InlineData("write", "lease", false)]
    [InlineData("release", "read", false)]
    [InlineData("release", "lease", true)]
    public async Task Only_an_operation_that_proves_the_failed_one_to_work_ends_its_outage(
        string failed,
        string works,
        bool ends
    )
    {
        _scripted.FailAt(failed);
        await WorksAsync(failed);
        _scripted.Before = null;

        Assert.True(await WorksAsync(works));

        Assert.Equal(ends, _store.Failing is null);
        Assert.Equal(ends ? 2 : 1, _logs.Entries.Count);
        Assert.True(_store.IsReadable);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_store_that_reads_and_cannot_write_is_one_outage_until_it_writes()
    {
        _scripted.FailAt("read", "write");
        Assert.False(await WorksAsync("read"));
        _scripted.FailAt("write");
        for (var minute = 0; minute < 5; minute++)
        {
            Assert.False(await WorksAsync("write"));
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.True(await WorksAsync("read"));
            Assert.True(await WorksAsync("lease"));
        }

        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), _store.Failing?.Since);
        Assert.Single(_logs.Messages(20));
        Assert.Empty(_logs.Messages(21));
        _scripted.Before = null;
        Assert.True(await WorksAsync("write"));
        Assert.Null(_store.Failing);
        Assert.Single(_logs.Messages(21));
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_lease_that_cannot_be_given_back_is_an_outage_too()
    {
        _scripted.FailAt("release");

        await _store.ReleaseAsync(_scripted);

        Assert.Equal("The disk is full.", _store.Failing?.Cause);
        Assert.Equal(["release"], FailedOperations());
        Assert.Single(_logs.Warnings);
    }

    [Theory]
    [Trait("Failure", "41")]
    [InlineData(typeof(IOException), "IOException")]
    [InlineData(typeof(OperationCanceledException), "OperationCanceledException")] // its own time limit, nobody's wish
    [InlineData(typeof(TimeoutException), "TimeoutException")]
    public async Task Of_other_peoples_exceptions_only_the_type_is_told(Type type, string cause)
    {
        _scripted.Before = (_, _) => throw (Exception)Activator.CreateInstance(type, "may quote what it was to write")!;

        Assert.False((await _store.ReadAsync(Cancel)).HasRead);

        Assert.Equal(cause, _store.Failing?.Cause);
        Assert.Equal([$"Warning 20: The token store fails for provider '{_name}': {cause}{GoesOn}"], _logs.Lines);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task Its_cause_is_the_latest_one()
    {
        _scripted.Before = (_, _) => throw new IOException("a cable");
        await WorksAsync("read");
        _time.Advance(TimeSpan.FromMinutes(1));
        _scripted.FailAt("lease");
        await WorksAsync("lease");

        Assert.Equal("The disk is full.", _store.Failing?.Cause);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), _store.Failing?.Since);
        Assert.Single(_logs.Lines);
    }

    [Fact]
    [Trait("Failure", "41")]
    public async Task A_time_out_of_the_store_s_own_is_an_outage_and_no_busy_lease()
    {
        _scripted.Before = (_, _) => throw new TimeoutException("no answer from 10.0.0.1");

        Assert.IsType<LeaseAttempt.Failed>(await _store.AcquireLeaseAsync(hasRead: true, Cancel));

        Assert.Equal("TimeoutException", _store.Failing?.Cause);
    }

    [Fact]
    public async Task What_is_cancelled_is_no_outage()
    {
        using var ending = new CancellationTokenSource();
        var begun = new TaskCompletionSource<bool>();
        _scripted.Before = (_, _) =>
        {
            begun.SetResult(true);
            return Task.Delay(Timeout.InfiniteTimeSpan, _time, ending.Token);
        };
        var reading = _store.ReadAsync(ending.Token);
        await begun.Task;

#pragma warning disable CA1849 // netstandard2.0 has no CancelAsync
        ending.Cancel();
#pragma warning restore CA1849

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Null(_store.Failing);
        Assert.Empty(_logs.Lines);
    }

    [Fact]
    [Trait("Failure", "40")]
    [Trait("Failure", "41")]
    public async Task A_lease_that_comes_too_late_is_given_back()
    {
        var busy = new TaskCompletionSource<bool>();
        _scripted.Before = (operation, _) => operation == "lease" ? busy.Task : Task.CompletedTask;
        var waiting = _store.AcquireLeaseAsync(hasRead: false, Cancel);
        await Patience.Until(() => _scripted.Operations.Count == 1);

        _time.Advance(TimeSpan.FromSeconds(21));

        Assert.IsType<LeaseAttempt.Failed>(await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancel));
        Assert.Equal("Waiting for the lease of the stored grant took longer than 21 seconds.", _store.Failing?.Cause);
        busy.SetResult(true);
        await Patience.Until(() => _scripted.Operations.Contains("release"));
    }

    [Fact]
    public async Task A_lease_in_time_is_kept()
    {
        var attempt = Assert.IsType<LeaseAttempt.Taken>(await _store.AcquireLeaseAsync(hasRead: true, Cancel));

        Assert.Same(_scripted, attempt.Lease);

        Assert.Equal(["lease"], _scripted.Operations);
    }

    public void Dispose()
    {
        _measurements.Dispose();
        _logs.Dispose();
    }

    private async Task<bool> WorksAsync(string operation) =>
        operation switch
        {
            "read" => (await _store.ReadAsync(Cancel)).HasRead,
            "lease" => await _store.AcquireLeaseAsync(hasRead: false, Cancel) is LeaseAttempt.Taken,
            "release" => await ReleasesAsync(),
            _ => await _store.WriteAsync(
                _scripted,
                new TokenRecord(new TokenGrant(new AccessToken("token")), _time.GetUtcNow()),
                Cancel
            ),
        };

    private async Task<bool> ReleasesAsync()
    {
        await _store.ReleaseAsync(_scripted);

        return _store.Failing is null;
    }

    private IEnumerable<string?> FailedOperations() =>
        _measurements
            .Of(TokenAuthDiagnostics.StoreFailures)
            .Select(measured => measured.Tag(TokenAuthDiagnostics.StoreOperationTag));
}
