using System.Globalization;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime.Schedules;

/// <summary>
/// One provider under a random but repeatable order of callers, cancellations, rejections, clock jumps, failures, store trouble and disposal.
/// Flights run when the schedule says so, on its thread; after each step the invariants are checked.
/// </summary>
internal sealed class RandomSchedule : IDisposable
{
    private const int Steps = 40;

    private readonly Random _random;
    private readonly ManualTimeProvider _time = new();
    private readonly PendingSource _source;
    private readonly TroubledStore? _store;
    private readonly CachedTokenProvider _provider;
    private readonly Queue<Action> _launched = new();
    private readonly List<ScheduledCaller> _callers = [];
    private readonly HashSet<string> _rejected = [];
    private readonly List<string> _refused = []; // those rejections that were of the token in hand
    private readonly List<string> _trace = [];

    private AccessToken? _last;
    private (string Value, DateTimeOffset Wall, long Timestamp, TimeSpan Life)? _hand; // the token that is good and need not be renewed yet
    private (long Since, TimeSpan For) _leftAlone; // as the endpoint asked
    private string? _needless;
    private int _rejections;
    private bool _isDisposed;

    public RandomSchedule(int seed)
    {
        _random = new Random(seed);
        _source = new PendingSource(_time, _random);
        _store = _random.Next(3) == 0 ? new TroubledStore(new Random(seed)) : null;
        _provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { Jitter = Jitter(new Random(seed)), Launch = Enqueue },
            _time,
            _store
        );
    }

    public IReadOnlyList<string> Trace => _trace;

    public void Dispose() => _provider.Dispose();

    /// <exception cref="Xunit.Sdk.XunitException">An invariant does not hold.</exception>
    public void Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            Step();
            Settle();
            Check();
        }

        Finish();
    }

    private void Step()
    {
        switch (_random.Next(24))
        {
            case < 7:
                Say("call");
                Call();
                break;
            case 7 when _callers.Count > 0:
                Say("cancel");
                _callers[_random.Next(_callers.Count)].Cancel();
                break;
            case 8 or 9 when _last is not null:
                Say($"reject {_last.Value}");
                Reject(_last);
                break;
            case 10 when _rejected.Count > 0:
                Say("reject an older token");
                _provider.Invalidate(new AccessToken(_rejected.First()));
                break;
            case < 14:
                Advance();
                break;
            case 14:
                Jump();
                break;
            case 15:
                Say("suspend");
                _time.Suspend(TimeSpan.FromMinutes(_random.Next(1, 90)));
                break;
            case 16 when _random.Next(20) == 0:
                Say("dispose");
                _isDisposed = true;
                _provider.Dispose();
                break;
            case 17 or 18 when _store is not null:
                RenewElsewhere(_store);
                break;
            default:
                Progress();
                break;
        }
    }

    private void RenewElsewhere(TroubledStore store)
    {
        var life = TimeSpan.FromMinutes(_random.Next(2) == 0 ? 60 : 10);
        var age = TimeSpan.FromSeconds(
            _random.Next(3) switch
            {
                0 => 0,
                1 => 30,
                _ => 4_000,
            } * _random.NextDouble()
        );
        var record = _source.GrantElsewhere(age, life);
        if (_refused.Count > 0 && _random.Next(4) == 0) // a token that this process knows to be refused
            record = new(
                new(new AccessToken(_refused[^1], record.Grant.AccessToken.ExpiresAt)) { RefreshToken = "refresh" },
                record.RequestedAt
            );
        Say(FormattableString.Invariant($"elsewhere {record.Grant.AccessToken.Value}, {age.TotalSeconds:0} s old"));
        store.Put(record);
    }

    private ScheduledCaller Call()
    {
        var caller = new ScheduledCaller(this);
        _callers.Add(caller);
        caller.Start(_provider);

        return caller;
    }

    private void Reject(AccessToken token)
    {
        var isInHand = _provider.Snapshot().Token is not null;
        _provider.Invalidate(token);
        if (isInHand && _provider.Snapshot().Token is null)
        {
            _refused.Add(token.Value);
            _hand = null;
        }

        if (++_rejections <= 20)
            _rejected.Add(token.Value);
    }

    private void Advance()
    {
        var by = TimeSpan.FromSeconds(
            _random.Next(4) switch
            {
                0 => 1,
                1 => 20,
                2 => 600,
                _ => 3_000,
            } * _random.NextDouble()
        );
        Say(FormattableString.Invariant($"advance {by.TotalSeconds:0.0} s"));
        Pass(by);
    }

    /// <summary>From timer to timer: what one starts may set the next.</summary>
    private void Pass(TimeSpan time)
    {
        for (TimeSpan step; time > TimeSpan.Zero; time -= step)
        {
            step = _time.NextTimer is { } next && next < time ? next : time;
            _time.Advance(step);
            Settle();
        }
    }

    private void Jump()
    {
        var by = TimeSpan.FromHours(_random.Next(2) == 0 ? 1 : 24 * 3650) * (_random.Next(2) == 0 ? 1 : -1);
        Say($"jump {by}");
        _time.JumpWallClock(by);
    }

    private void Progress()
    {
        if (_launched.Count > 0)
        {
            Say("fly");
            _launched.Dequeue()();
        }
        else if (_source.IsAsked)
        {
            Say("answer: " + _source.Answer());
            if (_source.Granted is { } granted && !_refused.Contains(granted.Value) && IsWithin(granted, 1))
                _hand = IsSureOfItsAge(granted) ? granted : null;
            if (_source.RetryAfter > TimeSpan.Zero)
                _leftAlone = (
                    _time.GetTimestamp(),
                    TimeSpan.FromSeconds(Math.Min(_source.RetryAfter.TotalSeconds, 900))
                );
        }
    }

    /// <summary>
    /// Lets what is under way come to rest: a flight waits to be launched or for the source, or there is none and nobody waits; who gave up is gone.
    /// </summary>
    private void Settle()
    {
        // A minute: other processes may keep both cores busy for seconds.
        var patience = Environment.TickCount64 + 60_000;
        var spin = new SpinWait();
        while (!IsAtRest())
        {
            if (Environment.TickCount64 > patience)
                Assert.Fail("A caller waits for a flight that has ended, or a flight never ends.");
            spin.SpinOnce(sleep1Threshold: 200);
        }
    }

    private bool IsAtRest() =>
        _provider.IsRenewing
            ? (_launched.Count > 0 || _source.IsAsked)
                && !_provider.IsSaving
                && !_callers.Exists(caller => caller.IsLeaving)
            : _callers.All(caller => caller.IsDone) && !_provider.IsSaving;

    private void Check()
    {
        Assert.True(_source.MostConcurrent <= 1, "Two flights at once.");
        Assert.True(_needless is null, _needless);
        _callers.RemoveAll(caller => caller.Verify());
    }

    private void Finish()
    {
        _source.AnswersWell = true;
        for (var i = 0; _provider.IsRenewing; i++)
        {
            Assert.True(i < 100, "The provider does not come to rest.");
            Progress();
            Settle();
        }

        Check();
        Assert.Empty(_callers);
        if (_isDisposed)
            return;

        // A failure is not kept: as soon as the back-off allows, the next call succeeds.
        Pass(TimeSpan.FromMinutes(16));
        var last = Call();
        Settle();
        for (var i = 0; i < 10 && _provider.IsRenewing; i++)
        {
            Progress();
            Settle();
        }

        Assert.True(last.Verify(), "The last call still waits.");
        Assert.True(last.Token is not null, $"The last call failed: {last.Failure?.Message}");
        Check();
    }

    /// <summary>Judges a token at the moment it is handed out.</summary>
    public void HandOut(AccessToken token)
    {
        Assert.False(_source.IsExpired(token), $"{token.Value} had expired when it was handed out.");
        Assert.False(_rejected.Contains(token.Value), $"{token.Value} had been rejected when it was handed out.");
        _last = token;
    }

    /// <summary>Judges a failure at the moment a caller sees it.</summary>
    public void Fail(Exception exception) =>
        Assert.True(_isDisposed || exception is not ObjectDisposedException, "Disposed although nobody did.");

    // Not the schedule's own numbers: a flight that was disposed of may still draw one, beside the steps that follow.
    private static Func<double> Jitter(Random random) =>
        () =>
        {
            lock (random)
                return random.NextDouble();
        };

    private void Enqueue(Action flight)
    {
        if (_store is null) // with one, a flight may only look there
            Judge();
        lock (_launched)
            _launched.Enqueue(flight);
    }

    /// <summary>
    /// Judges a renewal as it begins: not before 60 % of the token's life by either clock (the earliest of all is at 63 %), however the
    /// clocks jumped, and not while the endpoint has asked for time.
    /// </summary>
    private void Judge()
    {
        if (_hand is { } hand && IsWithin(hand, 0.6))
            _needless = $"{hand.Value} was renewed without need.";
        if (_time.GetElapsedTime(_leftAlone.Since) < _leftAlone.For)
            _needless = "A renewal began while the endpoint had asked for time.";
    }

    // After a clock that jumped while the endpoint was asked, the token may be renewed once too early.
    private bool IsSureOfItsAge((string Value, DateTimeOffset Wall, long Timestamp, TimeSpan Life) token) =>
        _time.GetUtcNow() - token.Wall == _time.GetElapsedTime(token.Timestamp);

    private bool IsWithin((string Value, DateTimeOffset Wall, long Timestamp, TimeSpan Life) token, double share) =>
        _time.GetUtcNow() - token.Wall < token.Life * share
        && _time.GetElapsedTime(token.Timestamp) < token.Life * share;

    private void Say(string what) =>
        _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():u} {what}"));
}
