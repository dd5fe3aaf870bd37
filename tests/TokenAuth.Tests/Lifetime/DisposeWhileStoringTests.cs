using System.Diagnostics.CodeAnalysis;
using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>A process ends between the vendor's answer and the store's write: the vendor has spent the grant.</summary>
[Trait("Failure", "86")]
public sealed class DisposeWhileStoringTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new() { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly ScriptedStore _store = new();
    private readonly ScriptedSource _source;
    private readonly CachedTokenProvider _provider;

    public DisposeWhileStoringTests()
    {
        _source = new ScriptedSource(_time);
        _provider = new CachedTokenProvider(_source, new CachedTokenOptions { StoreKey = "voice" }, _time, _store);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string? Stored => _store.Record?.Grant.AccessToken.Value;

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task The_asynchronous_end_waits_until_it_is_written_and_the_lease_is_given_back()
    {
        var write = HoldBack("write");
        var waiting = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _store.Operations.Contains("write"));

        var ending = _provider.DisposeAsync().AsTask();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting); // who waits for a token is told at once
        Assert.False(ending.IsCompleted);
        write.SetResult();
        await ending.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal("token-1", Stored);
        Assert.Equal("release", _store.Operations.Last());
    }

    [Fact]
    public async Task It_waits_two_seconds_at_most()
    {
        HoldBack("write");
        _ = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _store.Operations.Contains("write"));
        var ending = _provider.DisposeAsync().AsTask();

        await _time.AdvanceUntilAsync(ending, TimeSpan.FromMilliseconds(100), maxSteps: 25);

        Assert.InRange(
            _time.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            TimeSpan.Zero,
            _limit
        );
    }

    [Theory]
    [InlineData("read")]
    [InlineData("lease")]
    public async Task It_does_not_wait_for_a_store_that_has_nothing_to_write(string operation)
    {
        HoldBack(operation);
        _ = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _store.Operations.Contains(operation));

        await _provider.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    public async Task It_never_waits_for_the_vendor()
    {
        _source.Answer = (_, _) => new TaskCompletionSource<TokenGrant>().Task; // ignores cancellation
        _ = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _source.Calls == 1);

        await _provider.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task A_grant_that_could_not_be_stored_so_far_is_tried_once_more()
    {
        _store.FailAt("write");
        await _provider.GetTokenAsync(Cancel);
        await Patience.Until(() => !_provider.IsSaving && !_provider.IsRenewing);
        Assert.Null(Stored);
        _store.Before = null;

        await _provider.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Equal("token-1", Stored);
    }

    [Fact]
    [SuppressMessage("Usage", "VSTHRD103", Justification = "It is what is tested.")]
    [SuppressMessage("Performance", "CA1849", Justification = "It is what is tested.")]
    public async Task The_synchronous_end_does_not_wait()
    {
        var write = HoldBack("write");
        _ = _provider.GetTokenAsync(Cancel).AsTask();
        await Patience.Until(() => _store.Operations.Contains("write"));

        _provider.Dispose();

        Assert.Null(Stored);
        write.SetResult();
        await Patience.Until(() => Stored == "token-1"); // what the process has time for is done all the same
    }

    [Fact]
    public async Task A_second_end_does_nothing()
    {
        await _provider.GetTokenAsync(Cancel);
        await _provider.DisposeAsync();
        var before = _store.Operations.Count;

        await _provider.DisposeAsync();

        Assert.Equal(before, _store.Operations.Count);
    }

    private TaskCompletionSource HoldBack(string held)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = (operation, _) => operation == held ? release.Task : Task.CompletedTask;

        return release;
    }
}
