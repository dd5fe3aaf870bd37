using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace TokenAuth;

/// <summary>
/// Goes on with an exchange whose first attempt was not good enough. Kept apart from the client, which makes it when it is first needed: a process
/// that starts would take longer to load Polly and to compile the pipeline than to obtain its token.
/// </summary>
internal sealed class RepeatedExchange
{
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _shortestLimit = TimeSpan.FromMilliseconds(10); // Polly's own
    private static readonly ResiliencePropertyKey<Series> _seriesKey = new("TokenAuth.Series");

    private readonly Func<TokenEndpointCall, CancellationToken, Task<ExchangeAttempt>> _attempt;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<ExchangeAttempt> _pipeline;

    /// <param name="attempt">Makes one attempt.</param>
    public RepeatedExchange(
        Func<TokenEndpointCall, CancellationToken, Task<ExchangeAttempt>> attempt,
        TimeProvider time
    )
    {
        _attempt = attempt;
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<ExchangeAttempt> { TimeProvider = new MonotonicTimeProvider(time) }
            .AddTimeout(
                new TimeoutStrategyOptions { TimeoutGenerator = args => new ValueTask<TimeSpan>(Left(args.Context)) }
            )
            .AddRetry(
                new RetryStrategyOptions<ExchangeAttempt>
                {
                    MaxRetryAttempts = 2,
                    ShouldHandle = args => new ValueTask<bool>(IsWorthRepeating(args)),
                    DelayGenerator = static args => new ValueTask<TimeSpan?>(Delay(args)),
                }
            )
            .AddTimeout(TokenEndpointClient.AttemptLimit)
            .Build();
    }

    /// <summary>Repeats the call if it may.</summary>
    public async Task<ExchangeAttempt> RunAsync(
        TokenEndpointCall call,
        ExchangeAttempt first,
        long startedAt,
        CancellationToken cancellationToken
    )
    {
        var series = new Series(call.RepeatsWhenUncertain, first, startedAt);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(_seriesKey, series);

        try
        {
            return await _pipeline
                .ExecuteAsync(
                    static async (ctx, state) =>
                        state.series.TakeFirst()
                        ?? await state.Attempt(state.call, ctx.CancellationToken).ConfigureAwait(false),
                    context,
                    (Attempt: _attempt, call, series)
                )
                .ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            return ExchangeError.TimedOut(TokenEndpointClient.AttemptLimit, TokenEndpointClient.SeriesLimit);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private TimeSpan Left(ResilienceContext context)
    {
        var left =
            TokenEndpointClient.SeriesLimit
            - _time.GetElapsedTime(context.Properties.GetValue(_seriesKey, null!).StartedAt);

        return left > _shortestLimit ? left : _shortestLimit;
    }

    private bool IsWorthRepeating(RetryPredicateArguments<ExchangeAttempt> args)
    {
        var series = args.Context.Properties.GetValue(_seriesKey, null!);
        var attempt = args.Outcome.Result;
        var isUncertain = args.Outcome.Exception is TimeoutRejectedException || attempt is { IsUncertain: true };

        if (attempt is not { IsWorthRepeating: true } && !isUncertain)
            return false;
        if (
            attempt?.Response?.RetryAfter is { } wait
            && wait > TokenEndpointClient.SeriesLimit - _time.GetElapsedTime(series.StartedAt)
        )
            return false;

        return series.MayRepeat(isUncertain);
    }

    private static TimeSpan? Delay(RetryDelayGeneratorArguments<ExchangeAttempt> args)
    {
        var jittered = (0.75 + (0.5 * RandomShare.Next())) * Math.Pow(2, args.AttemptNumber);

        return args.Outcome.Result?.Response?.RetryAfter
            ?? TimeSpan.FromMilliseconds(_firstDelay.TotalMilliseconds * jittered);
    }

    private sealed class Series(int repeatsWhenUncertain, ExchangeAttempt first, long startedAt)
    {
        private int _repeatsLeft = repeatsWhenUncertain;
        private bool _isUncertain; // whether the endpoint may have acted on one of the attempts
        private ExchangeAttempt? _first = first;

        public long StartedAt { get; } = startedAt;

        /// <summary>Takes the attempt that was made already; null from the second time on.</summary>
        public ExchangeAttempt? TakeFirst()
        {
            var taken = _first;
            _first = null;

            return taken;
        }

        /// <summary>Counts from the first uncertain attempt on, however the next ones end.</summary>
        public bool MayRepeat(bool isUncertain)
        {
            _isUncertain |= isUncertain;

            return !_isUncertain || _repeatsLeft-- > 0;
        }
    }
}
