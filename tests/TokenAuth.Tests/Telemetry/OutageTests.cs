using TokenAuth.Testing;

namespace TokenAuth.Tests.Telemetry;

/// <summary>Since when something fails, said once, and once more when it is over.</summary>
public sealed class OutageTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Outage _outage;

    public OutageTests() => _outage = new Outage(_time);

    [Fact]
    public void It_is_told_since_the_first_failure_with_the_latest_cause_and_said_once()
    {
        var start = _time.GetUtcNow();
        Assert.True(_outage.Fails("a cable"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_outage.Fails("a disk"));

        Assert.Equal(new OutageReport(start, "a disk"), _outage.Current);
        Assert.Equal(new OutageReport(start, "a disk"), _outage.Succeeds());
        Assert.Null(_outage.Current);
        Assert.Null(_outage.Succeeds());
        Assert.True(_outage.Fails("a cable"));
        Assert.Equal(start + TimeSpan.FromMinutes(1), _outage.Current?.Since);
    }

    [Fact]
    public void One_of_which_somebody_is_told_anyway_leaves_the_saying_to_the_next()
    {
        Assert.False(_outage.Fails("first", isToBeSaid: false));
        Assert.True(_outage.Fails("second"));
        Assert.False(_outage.Fails("third", isToBeSaid: false));
        Assert.False(_outage.Fails("fourth"));
    }

    [Theory]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(2, 3, true)]
    public void Only_a_success_of_the_heaviest_failures_weight_ends_it(int failed, int succeeded, bool ends)
    {
        _outage.Fails("heavy", weight: failed);
        _outage.Fails("light", weight: 0);

        Assert.Equal(ends, _outage.Succeeds(succeeded) is not null);
        Assert.Equal(ends, _outage.Current is null);
    }

    [Fact]
    public async Task Many_at_once_say_it_once()
    {
        var said = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _outage.Fails("down"))));

        Assert.Single(said, isFirst => isFirst);
    }
}
