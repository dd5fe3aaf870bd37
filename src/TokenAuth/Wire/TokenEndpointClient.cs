using System.Net.Sockets;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace TokenAuth;

/// <summary>
/// One exchange with a token endpoint: at most three attempts of five seconds, 15 seconds in all, bodies included. Knows HTTP, not
/// vendors.
/// </summary>
internal sealed class TokenEndpointClient
{
    private static readonly TimeSpan _attemptLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _seriesLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly ResiliencePropertyKey<Series> _seriesKey = new("TokenAuth.Series");

    private readonly Func<HttpClient> _client;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<ExchangeAttempt> _pipeline;

    public TokenEndpointClient(Func<HttpClient> client, TimeProvider time)
    {
        _client = client;
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<ExchangeAttempt> { TimeProvider = new MonotonicTimeProvider(time) }
            .AddTimeout(_seriesLimit)
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
    }

    /// <exception cref="TokenAcquisitionException">No answer could be had; an answer of any status is returned.</exception>
    public async Task<TokenEndpointReply> SendAsync(TokenEndpointCall call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(_seriesKey, new Series(call.RepeatsWhenUncertain, _time.GetTimestamp()));

        try
        {
            var attempt = await _pipeline
                .ExecuteAsync(
                    static async (ctx, state) =>
                        await state.Self.AttemptAsync(state.call, ctx.CancellationToken).ConfigureAwait(false),
                    context,
                    (Self: this, call)
                )
                .ConfigureAwait(false);

            return attempt.Reply ?? throw Failure(call, attempt.Fault!, isTransient: !attempt.IsFinal);
        }
        catch (TimeoutRejectedException)
        {
            throw Failure(
                call,
                $"did not answer within {_attemptLimit.TotalSeconds:0} seconds, tried again",
                isTransient: true
            );
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<ExchangeAttempt> AttemptAsync(TokenEndpointCall call, CancellationToken cancellationToken)
    {
        using var request = call.CreateRequest();
        var sentAt = _time.GetUtcNow();

        try
        {
            using var response = await _client()
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);

            return await ReadAsync(call, response, sentAt, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            return Failed(exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ExchangeAttempt.Broken("did not answer within the HttpClient's own Timeout");
        }
        catch (IOException)
        {
            return ExchangeAttempt.Broken("broke off its answer");
        }
        catch (ObjectDisposedException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken); // netstandard2.0 cancels a read by disposing the stream
        }
    }

    private async Task<ExchangeAttempt> ReadAsync(
        TokenEndpointCall call,
        HttpResponseMessage response,
        DateTimeOffset sentAt,
        CancellationToken cancellationToken
    )
    {
        var answeredFrom = response.RequestMessage?.RequestUri;
        if (answeredFrom is not null && answeredFrom != call.Endpoint)
            return ExchangeAttempt.Refused(
                $"was answered by another address, {answeredFrom.GetLeftPart(UriPartial.Path)}: the HttpClient follows redirects, which carries the secret away; "
                    + "give it a handler with AllowAutoRedirect = false"
            );

        var body = await ReplyBody.ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);

        return ExchangeAttempt.Answered(
            new TokenEndpointReply
            {
                StatusCode = response.StatusCode,
                SentAt = sentAt,
                Text = body is { } whole
                    ? ReplyBody.Decode(whole, response.Content?.Headers.ContentType?.CharSet)
                    : null,
                RetryAfter = RetryAfterValue.Read(response, _time.GetUtcNow()),
            }
        );
    }

    private static ExchangeAttempt Failed(HttpRequestException exception)
    {
#if NET
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => ExchangeAttempt.NotConnected(
                "has no address: its name cannot be resolved"
            ),
            HttpRequestError.ConnectionError => ExchangeAttempt.NotConnected(
                "cannot be reached: the connection failed"
            ),
            HttpRequestError.SecureConnectionError => ExchangeAttempt.NotConnected(
                "cannot be trusted: the TLS handshake failed"
            ),
            _ when exception.InnerException is IOException || exception.HttpRequestError != HttpRequestError.Unknown =>
                ExchangeAttempt.Broken("broke off its answer"),
            _ => ExchangeAttempt.NotConnected("cannot be reached"),
        };
#else
        return exception.InnerException is IOException and not { InnerException: SocketException }
            ? ExchangeAttempt.Broken("broke off its answer")
            : ExchangeAttempt.NotConnected("cannot be reached");
#endif
    }

    private bool IsWorthRepeating(RetryPredicateArguments<ExchangeAttempt> args)
    {
        var series = args.Context.Properties.GetValue(_seriesKey, null!);
        var attempt = args.Outcome.Result;

        if (args.Outcome.Exception is TimeoutRejectedException || attempt is { IsUncertain: true })
            return series.MayRepeatUncertain();
        if (attempt?.Reply?.RetryAfter is { } wait && wait > _seriesLimit - _time.GetElapsedTime(series.StartedAt))
            return false;

        return attempt is { IsWorthRepeating: true };
    }

    private static TimeSpan? Delay(RetryDelayGeneratorArguments<ExchangeAttempt> args)
    {
        var jittered = (0.75 + (0.5 * RandomShare.Next())) * Math.Pow(2, args.AttemptNumber);

        return args.Outcome.Result?.Reply?.RetryAfter
            ?? TimeSpan.FromMilliseconds(_firstDelay.TotalMilliseconds * jittered);
    }

    private static TokenAcquisitionException Failure(TokenEndpointCall call, string fault, bool isTransient) =>
        new(
            $"{call.Vendor}'s token endpoint {call.Endpoint.GetLeftPart(UriPartial.Path)} of provider '{call.ProviderName}' {fault}."
        )
        {
            ProviderName = call.ProviderName,
            IsTransient = isTransient,
        };

    private sealed class Series(int repeatsWhenUncertain, long startedAt)
    {
        private int _repeatsLeft = repeatsWhenUncertain;

        public long StartedAt { get; } = startedAt;

        public bool MayRepeatUncertain() => _repeatsLeft-- > 0;
    }
}
