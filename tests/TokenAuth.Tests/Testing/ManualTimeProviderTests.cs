using TokenAuth.Testing;

namespace TokenAuth.Tests.Testing;

public sealed class ManualTimeProviderTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _clock = new(s_start) { Patience = TimeSpan.FromMilliseconds(200) };
    private readonly List<string> _fired = [];

    [Fact]
    public void An_advance_moves_both_clocks()
    {
        var before = _clock.GetTimestamp();

        _clock.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal(s_start.AddMinutes(9), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(9), _clock.GetElapsedTime(before));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public void A_jump_moves_the_wall_clock_alone(int minutes)
    {
        var before = _clock.GetTimestamp();
        Once("timer", 1);

        _clock.JumpWallClock(TimeSpan.FromMinutes(minutes));

        Assert.Equal(s_start.AddMinutes(minutes), _clock.GetUtcNow());
        Assert.Equal(before, _clock.GetTimestamp());
        Assert.Empty(_fired);
    }

    [Fact]
    public void The_wall_clock_is_set_alone()
    {
        var before = _clock.GetTimestamp();

        _clock.SetUtcNow(s_start.AddYears(10));

        Assert.Equal(s_start.AddYears(10), _clock.GetUtcNow());
        Assert.Equal(before, _clock.GetTimestamp());
    }

    [Fact]
    public void A_suspended_machine_sees_only_its_wall_clock_move()
    {
        var before = _clock.GetTimestamp();
        Once("timer", 1);

        _clock.Suspend(TimeSpan.FromHours(8));

        Assert.Equal(s_start.AddHours(8), _clock.GetUtcNow());
        Assert.Equal(before, _clock.GetTimestamp());
        Assert.Empty(_fired);
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Suspend(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void Time_does_not_advance_backwards() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void A_timer_fires_when_it_is_due_and_not_a_tick_before(int ticksFromDue, int expected)
    {
        Once("timer", 10);

        _clock.Advance(TimeSpan.FromSeconds(10) + TimeSpan.FromTicks(ticksFromDue));

        Assert.Equal(expected, _fired.Count);
        Assert.Equal(1 - expected, _clock.ActiveTimers);
    }

    [Fact]
    public void Timers_fire_in_the_order_they_are_due_and_at_their_moments()
    {
        Once("late", 20);
        Once("early", 5);
        Once("early, made second", 5);

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["early at 5", "early, made second at 5", "late at 20"], _fired);
        Assert.Equal(s_start.AddMinutes(1), _clock.GetUtcNow());
    }

    [Fact]
    public void A_periodic_timer_fires_every_period_until_it_is_disposed()
    {
        var timer = _clock.CreateTimer(Note, "tick", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(10));
        timer.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["tick at 5", "tick at 7", "tick at 9"], _fired);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void What_a_callback_makes_or_changes_fires_in_the_same_advance_when_it_is_due()
    {
        var other = Once("other", 60);
        using var first = _clock.CreateTimer(
            _ =>
            {
                Once("made", 3);
                other.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            },
            null,
            TimeSpan.FromSeconds(4),
            Timeout.InfiniteTimeSpan
        );

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["other at 5", "made at 7"], _fired);
    }

    [Fact]
    public void A_callback_may_advance_the_clock_itself()
    {
        using var timer = _clock.CreateTimer(
            _ => _clock.Advance(TimeSpan.FromSeconds(10)),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan
        );

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(s_start.AddSeconds(15), _clock.GetUtcNow());
    }

    [Fact]
    public void A_disposed_timer_is_never_armed_again()
    {
        var timer = Once("timer", 1);
        timer.Dispose();

        Assert.False(timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_fired);
    }

    [Fact]
    public async Task A_timer_that_is_due_at_once_needs_no_advance()
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await using var timer = _clock.CreateTimer(
            _ => fired.SetResult(),
            null,
            TimeSpan.Zero,
            Timeout.InfiniteTimeSpan
        );

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(-2, 0)]
    [InlineData(0, -2)]
    [InlineData(4294967295L, 0)]
    public void A_timer_takes_what_a_real_one_takes(long dueMilliseconds, long periodMilliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _clock.CreateTimer(
                Note,
                null,
                TimeSpan.FromMilliseconds(dueMilliseconds),
                TimeSpan.FromMilliseconds(periodMilliseconds)
            )
        );

    [Fact]
    public void A_callback_runs_in_the_context_that_made_its_timer()
    {
        var local = new AsyncLocal<string> { Value = "maker" };
        string? seen = null;
        using var timer = _clock.CreateTimer(
            _ => seen = local.Value,
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan
        );
        local.Value = "mover";

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("maker", seen);
    }

    [Fact]
    public void A_failing_callback_keeps_no_other_from_firing()
    {
        using var failing = _clock.CreateTimer(
            _ => throw new InvalidOperationException("first"),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan
        );
        Once("timer", 2);

        var thrown = Assert.Throws<InvalidOperationException>(() => _clock.Advance(TimeSpan.FromSeconds(3)));

        Assert.Equal("first", thrown.Message);
        Assert.Equal(["timer at 2"], _fired);
        Assert.Equal(s_start.AddSeconds(3), _clock.GetUtcNow());
    }

    [Fact]
    public async Task Concurrent_advances_add_up()
    {
        var count = 0;
        using var timer = _clock.CreateTimer(
            _ => Interlocked.Increment(ref count),
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1)
        );

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(
                        () =>
                        {
                            for (var i = 0; i < 500; i++)
                                _clock.Advance(TimeSpan.FromSeconds(1));
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );

        Assert.Equal(s_start.AddSeconds(4_000), _clock.GetUtcNow());
        Assert.Equal(4_000, count);
    }

    [Fact]
    public async Task Stepping_drives_delays_one_after_the_other()
    {
        async Task<int> DelayedAsync()
        {
            for (var i = 0; i < 5; i++)
                await Task.Delay(TimeSpan.FromSeconds(2), _clock, CancellationToken.None);
            return 42;
        }

        var result = await _clock.AdvanceUntilAsync(DelayedAsync(), TimeSpan.FromSeconds(1));

        Assert.Equal(42, result);
        Assert.Equal(0, _clock.ActiveTimers);
        Assert.InRange(_clock.GetUtcNow() - s_start, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Stepping_ends_when_the_task_never_does()
    {
        var never = new TaskCompletionSource();

        var thrown = await Assert.ThrowsAsync<TimeoutException>(() =>
            _clock.AdvanceUntilAsync(never.Task, TimeSpan.FromSeconds(1), maxSteps: 3)
        );

        Assert.Equal("The task did not complete within 3 steps of 00:00:01.", thrown.Message);
        Assert.Equal(s_start.AddSeconds(3), _clock.GetUtcNow());
    }

    [Fact]
    public async Task Work_under_way_has_two_seconds_before_its_time_out_passes()
    {
        var clock = new ManualTimeProvider();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15), clock);
        var work = Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, timeout.Token); // in real time, as a socket

        await clock.AdvanceUntilAsync(work, TimeSpan.FromSeconds(1));

        Assert.False(timeout.IsCancellationRequested);
    }

    [Fact]
    public async Task Work_that_ten_time_outs_did_not_end_is_not_given_as_long()
    {
        var clock = new ManualTimeProvider { Patience = TimeSpan.FromMilliseconds(200) };
        var since = TimeProvider.System.GetTimestamp();

        await Assert.ThrowsAsync<TimeoutException>(() =>
            clock.AdvanceUntilAsync(new TaskCompletionSource().Task, TimeSpan.FromSeconds(1), maxSteps: 100)
        );

        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 2, 15);
    }

    private ITimer Once(string name, int seconds) =>
        _clock.CreateTimer(Note, name, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);

    private void Note(object? name) => _fired.Add($"{name} at {(_clock.GetUtcNow() - s_start).TotalSeconds:0}");
}
