using System.Globalization;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Lifetime.Schedules;

/// <summary>A source whose answers come when the schedule says so, and go wrong as it says.</summary>
internal sealed class PendingSource(ManualTimeProvider time, Random random) : ITokenSource
{
    private readonly Dictionary<string, (DateTimeOffset Wall, long? Timestamp, TimeSpan Life)> _issued = [];

    private TaskCompletionSource<TokenGrant>? _pending;
    private DateTimeOffset _askedAt;
    private long _askedTimestamp;
    private int _running;
    private int _number;

    public int MostConcurrent { get; private set; }

    public bool AnswersWell { get; set; }

    /// <summary>What the last answer granted, when it was asked for by both clocks, and how long it was said to live.</summary>
    public (string Value, DateTimeOffset Wall, long Timestamp, TimeSpan Life)? Granted { get; private set; }

    /// <summary>How long the last answer asked to be left alone.</summary>
    public TimeSpan RetryAfter { get; private set; }

    public bool IsAsked => Volatile.Read(ref _pending) is { Task.IsCompleted: false };

    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        var running = Interlocked.Increment(ref _running);
        MostConcurrent = Math.Max(MostConcurrent, running);
        _askedAt = time.GetUtcNow();
        _askedTimestamp = time.GetTimestamp();
        var pending = new TaskCompletionSource<TokenGrant>();
        using var giveUp = cancellationToken.Register(() =>
        {
            Leave(); // the flight need not wait until this call has come to its end
            pending.TrySetCanceled(cancellationToken);
        });
        Volatile.Write(ref _pending, pending);

        try
        {
            return await pending.Task.ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }

        void Leave()
        {
            if (Interlocked.Exchange(ref running, 0) != 0)
                Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>What another process was granted a while ago.</summary>
    public TokenRecord GrantElsewhere(TimeSpan age, TimeSpan life)
    {
        var value = Name(++_number);
        var at = time.GetUtcNow() - age;
        // Of a stored token only the wall clock tells the age.
        _issued[value] = (at, null, life);

        return new(new(new AccessToken(value, at + life)) { RefreshToken = "refresh" }, at);
    }

    public string Answer()
    {
        var pending = _pending!;
        Granted = null;
        RetryAfter = TimeSpan.Zero;
        switch (AnswersWell ? 9 : random.Next(10))
        {
            case 0:
                pending.TrySetException(new TokenAcquisitionException("down") { IsTransient = true });
                return "down";
            case 1:
                pending.TrySetException(new TokenAcquisitionException("refused"));
                return "refused";
            case 2:
                RetryAfter = TimeSpan.FromSeconds(random.Next(1_000));
                pending.TrySetException(
                    new TokenAcquisitionException("busy") { IsTransient = true, RetryAfter = RetryAfter }
                );
                return "busy";
            case 3 when _number > 0:
                pending.TrySetResult(Grant(_number, TimeSpan.FromHours(1)));
                return "the same token again";
            case 4:
                pending.TrySetResult(Grant(++_number, TimeSpan.Zero));
                return "an expired token";
            default:
                pending.TrySetResult(
                    Grant(++_number, random.Next(2) == 0 ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(10))
                );
                return string.Create(CultureInfo.InvariantCulture, $"token {_number}");
        }
    }

    /// <summary>Whether a clock that only runs, or the wall clock, says that the token's life is over.</summary>
    public bool IsExpired(AccessToken token)
    {
        var (wall, timestamp, life) = _issued[token.Value];

        return time.GetUtcNow() - wall >= life || (timestamp is { } start && time.GetElapsedTime(start) >= life);
    }

    // An endpoint tells a life, not a moment: what is left of a token that it gives again.
    private TokenGrant Grant(int number, TimeSpan life)
    {
        var value = Name(number);
        if (!_issued.TryGetValue(value, out var issued))
            _issued[value] = issued = (_askedAt, _askedTimestamp, life);

        var age = Max(
            _askedAt - issued.Wall,
            time.GetElapsedTime(issued.Timestamp ?? _askedTimestamp, _askedTimestamp)
        );
        Granted = (value, _askedAt, _askedTimestamp, issued.Life - age);

        return new(new AccessToken(value, _askedAt + issued.Life - age)) { RefreshToken = "refresh" };
    }

    private static string Name(int number) => "token-" + number.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
