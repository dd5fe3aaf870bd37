using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace TokenAuth;

internal sealed partial class TokenEndpointClient
{
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _shortestLimit = TimeSpan.FromMilliseconds(10); // Polly's own
    private static readonly ResiliencePropertyKey<Series> _seriesKey = new("TokenAuth.Series");

    private readonly Lazy<ResiliencePipeline<ExchangeAttempt>> _pipeline;

    private ResiliencePipeline<ExchangeAttempt> CreatePipeline() =>
        new ResiliencePipelineBuilder<ExchangeAttempt> { TimeProvider = new MonotonicTimeProvider(_time) }
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
            .AddTimeout(_attemptLimit)
            .Build();

    /// <summary>Goes on with a series whose first attempt was not good enough, if it may.</summary>
    private async Task<ExchangeAttempt> RepeatAsync(
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
                .Value.ExecuteAsync(
                    static async (ctx, state) =>
                        state.series.TakeFirst()
                        ?? await state.Self.AttemptAsync(state.call, ctx.CancellationToken).ConfigureAwait(false),
                    context,
                    (Self: this, call, series)
                )
                .ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            return ExchangeError.TimedOut(_attemptLimit, _seriesLimit);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private TimeSpan Left(ResilienceContext context)
    {
        var left = _seriesLimit - _time.GetElapsedTime(context.Properties.GetValue(_seriesKey, null!).StartedAt);

        return left > _shortestLimit ? left : _shortestLimit;
    }

    private bool IsWorthRepeating(RetryPredicateArguments<ExchangeAttempt> args)
    {
        var series = args.Context.Properties.GetValue(_seriesKey, null!);
        var attempt = args.Outcome.Result;
        var isUncertain = args.Outcome.Exception is TimeoutRejectedException || attempt is { IsUncertain: true };

        if (attempt is not { IsWorthRepeating: true } && !isUncertain)
            return false;
        if (attempt?.Response?.RetryAfter is { } wait && wait > _seriesLimit - _time.GetElapsedTime(series.StartedAt))
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
