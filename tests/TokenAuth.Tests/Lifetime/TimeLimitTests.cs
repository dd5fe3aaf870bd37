using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>What is waited for no longer than its limit, and what becomes of it when it comes after all.</summary>
public sealed class TimeLimitTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource<string> _answer = new();
    private readonly TaskCompletionSource _begun = new();
    private string? _tooLate;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_in_time_is_not_given_back()
    {
        var waiting = RunAsync(Cancel);
        await _begun.Task;

        _answer.SetResult("lease");

        Assert.Equal("lease", await waiting);
        Assert.Null(_tooLate);
    }

    // It looks at no cancellation: it may complete in the instant its limit fires.
    [Fact]
    [Trait("Failure", "40")]
    public async Task What_comes_after_the_limit_is_given_back()
    {
        var waiting = RunAsync(Cancel);
        await _begun.Task;
        _time.Advance(_limit);

        var failure = await Assert.ThrowsAsync<TimeLimitException>(() => waiting);
        _answer.SetResult("lease");

        Assert.Equal("The answer took longer than 2 seconds.", failure.Message);
        await Patience.Until(() => _tooLate == "lease");
    }

    [Fact]
    [Trait("Failure", "18")]
    public async Task What_comes_after_the_end_is_given_back()
    {
        using var ending = new CancellationTokenSource();
        var waiting = RunAsync(ending.Token);
        await _begun.Task;
        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _answer.SetResult("lease");

        await Patience.Until(() => _tooLate == "lease");
    }

    private Task<string> RunAsync(CancellationToken cancellationToken) =>
        new TimeLimit("The answer", _limit, _time).RunAsync(
            _ =>
            {
                _begun.SetResult();
                return _answer.Task;
            },
            cancellationToken,
            giveBack: late =>
            {
                _tooLate = late;
                return Task.CompletedTask;
            }
        );
}
