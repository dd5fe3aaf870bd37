using Polly;
using Polly.CircuitBreaker;

namespace TokenAuth;

/// <summary>
/// Decides when a failing endpoint may be asked again. The first call after a first failure may try at once; repeated
/// failures open a circuit breaker for one second growing to 30; an endpoint's <c>Retry-After</c> goes before both.
/// </summary>
internal sealed class BackOff
{
    private static readonly TimeSpan _shortestBreak = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestBreak = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private ResiliencePipeline<Renewal>? _breaker; // used by the one flight; made by the first failure
    private int _failuresInARow; // used by the one flight
    private Pause? _pause; // written by the one flight, read by anybody

    /// <param name="jitter">Where in the last quarter of a break it ends: 0 to 1.</param>
    public BackOff(TimeProvider time, Func<double> jitter)
    {
        _time = new MonotonicTimeProvider(time);
        _jitter = jitter;
    }

    /// <summary>The failure that keeps callers from trying now; null when they may try.</summary>
    public RenewalFailure? Holding =>
        Volatile.Read(ref _pause) is { } pause && NextAttempt is not null ? pause.Cause : null;

    /// <summary>How long until the next attempt is allowed; null when it is allowed now.</summary>
    public TimeSpan? NextAttempt =>
        Volatile.Read(ref _pause) is { } pause && pause.Until - _time.GetUtcNow() is var left && left > TimeSpan.Zero
            ? left
            : null;

    /// <summary>
    /// Tries, which is for when nothing is <see cref="Holding"/>. A pause ends with its circuit's break or later: the circuit is never found
    /// open.
    /// </summary>
    public async Task<Renewal> RunAsync(
        Func<CancellationToken, Task<Renewal>> renew,
        CancellationToken cancellationToken
    )
    {
        var renewal = _breaker is null
            ? await renew(cancellationToken).ConfigureAwait(false)
            : await ThroughBreakerAsync(renew, cancellationToken).ConfigureAwait(false);
        if (_breaker is null && renewal.Failure is not null)
        {
            // A process whose renewals succeed never pays for the breaker: compiling it takes longer than the first token.
            _breaker = CreateBreaker();
            await ThroughBreakerAsync(_ => Task.FromResult(renewal), cancellationToken).ConfigureAwait(false);
        }

        if (renewal.Failure is { RetryAfter: { } wait } asked)
            PauseFor(wait, asked);

        return renewal;
    }

    private async Task<Renewal> ThroughBreakerAsync(
        Func<CancellationToken, Task<Renewal>> renew,
        CancellationToken cancellationToken
    ) => await _breaker!.ExecuteAsync(ct => new ValueTask<Renewal>(renew(ct)), cancellationToken).ConfigureAwait(false);

    private ResiliencePipeline<Renewal> CreateBreaker() =>
        new ResiliencePipelineBuilder<Renewal> { TimeProvider = _time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<Renewal>
                {
                    // Two failures in a row open it, however many successes came before.
                    MinimumThroughput = 2,
                    FailureRatio = 0.001,
                    SamplingDuration = TimeSpan.FromMinutes(1),
                    ShouldHandle = args => new ValueTask<bool>(IsRepeated(args.Outcome.Result)),
                    BreakDurationGenerator = args => new ValueTask<TimeSpan>(Break(args.HalfOpenAttempts)),
                    OnOpened = args =>
                    {
                        PauseFor(args.BreakDuration, args.Outcome.Result!.Failure!);

                        return default;
                    },
                }
            )
            .Build();

    private bool IsRepeated(Renewal? renewal)
    {
        _failuresInARow = renewal?.Failure is null ? 0 : _failuresInARow + 1;

        return _failuresInARow > 1;
    }

    private TimeSpan Break(int failedTrials)
    {
        var grown = _shortestBreak.TotalSeconds * Math.Pow(2, failedTrials);

        return TimeSpan.FromSeconds(Math.Min(grown, _longestBreak.TotalSeconds) * (0.75 + (0.25 * _jitter())));
    }

    private void PauseFor(TimeSpan wait, RenewalFailure cause)
    {
        var until = _time.GetUtcNow() + wait;
        if (_pause is null || _pause.Until < until)
            Volatile.Write(ref _pause, new Pause(until, cause));
    }

    private sealed record Pause(DateTimeOffset Until, RenewalFailure Cause);
}
