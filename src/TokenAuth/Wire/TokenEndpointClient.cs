using Polly;
using Polly.Retry;
using Polly.Timeout;
#if !NET
using System.Net;
using System.Security.Authentication;
#endif

namespace TokenAuth;

/// <summary>
/// One exchange with a token endpoint: at most three attempts of five seconds, 15 seconds in all, bodies included. Knows HTTP, not
/// vendors.
/// </summary>
internal sealed class TokenEndpointClient
{
    private const string Remedy = "Check the network and the state of the service.";
    private const string BrokenOff = "broke off its answer. " + Remedy;
    private const string NotReached = "cannot be reached. Check the network, the proxy and the firewall.";
    private const string NotTrusted =
        "cannot be trusted: the TLS handshake failed. Check the clock, the proxy and the certificate authorities.";

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

            return attempt.Reply ?? throw Failure(call, attempt);
        }
        catch (TimeoutRejectedException)
        {
            throw Failure(
                call,
                ExchangeAttempt.TimedOut(
                    $"did not answer in time: {_attemptLimit.TotalSeconds:0} seconds an attempt, {_seriesLimit.TotalSeconds:0} in all. {Remedy}"
                )
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
        catch (Exception exception) when (exception is IOException or InvalidDataException) // the latter: not the compression it says
        {
            return ExchangeAttempt.Broken(BrokenOff);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ExchangeAttempt.TimedOut($"did not answer within the HttpClient's own Timeout. {Remedy}");
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
                $"was answered by another address, {answeredFrom.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}: the HttpClient "
                    + "follows redirects, which carries the secret away. Give it a handler with AllowAutoRedirect = false."
            );

        var body = await ReplyBody.ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        var text = body is { } whole ? ReplyBody.Decode(whole, response.Content?.Headers.ContentType?.CharSet) : null;

        return ExchangeAttempt.Answered(
            new TokenEndpointReply
            {
                StatusCode = response.StatusCode,
                SentAt = sentAt,
                Text = text,
                TextFault =
                    text is not null ? null
                    : body is null ? ReplyBody.TooLong
                    : ReplyBody.Undecodable,
                ErrorCode = response.IsSuccessStatusCode ? null : EndpointErrorCode.Read(text, call.Secrets),
                RetryAfter = RetryAfterValue.Read(response, _time.GetUtcNow()),
                GrantType = call.GrantType,
            }
        );
    }

    private static ExchangeAttempt Failed(HttpRequestException exception)
    {
#if NET
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => ExchangeAttempt.NotConnected(
                "has no address: its name cannot be resolved. Check the setting TokenEndpoint or Region, and DNS."
            ),
            HttpRequestError.ConnectionError => ExchangeAttempt.NotConnected(NotReached),
            HttpRequestError.ProxyTunnelError => ExchangeAttempt.NotConnected(
                "cannot be reached through the proxy. Check the proxy's settings and rules."
            ),
            HttpRequestError.SecureConnectionError => ExchangeAttempt.NotConnected(NotTrusted),
            HttpRequestError.Unknown when exception.InnerException is not IOException => ExchangeAttempt.NotConnected(
                NotReached
            ),
            _ => ExchangeAttempt.Broken(BrokenOff),
        };
#else
        return exception.InnerException switch
        {
            IOException => ExchangeAttempt.Broken(BrokenOff),
            AuthenticationException => ExchangeAttempt.NotConnected(NotTrusted),
            WebException { Status: WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure } =>
                ExchangeAttempt.NotConnected(NotTrusted),
            WebException
            {
                Status: not (
                    WebExceptionStatus.ConnectFailure
                    or WebExceptionStatus.NameResolutionFailure
                    or WebExceptionStatus.ProxyNameResolutionFailure
                )
            } => ExchangeAttempt.Broken(BrokenOff), // .NET Framework
            _ => ExchangeAttempt.NotConnected(NotReached),
        };
#endif
    }

    private bool IsWorthRepeating(RetryPredicateArguments<ExchangeAttempt> args)
    {
        var series = args.Context.Properties.GetValue(_seriesKey, null!);
        var attempt = args.Outcome.Result;
        var isUncertain = args.Outcome.Exception is TimeoutRejectedException || attempt is { IsUncertain: true };

        if (attempt is not { IsWorthRepeating: true } && !isUncertain)
            return false;
        if (attempt?.Reply?.RetryAfter is { } wait && wait > _seriesLimit - _time.GetElapsedTime(series.StartedAt))
            return false;

        return series.MayRepeat(isUncertain);
    }

    private static TimeSpan? Delay(RetryDelayGeneratorArguments<ExchangeAttempt> args)
    {
        var jittered = (0.75 + (0.5 * RandomShare.Next())) * Math.Pow(2, args.AttemptNumber);

        return args.Outcome.Result?.Reply?.RetryAfter
            ?? TimeSpan.FromMilliseconds(_firstDelay.TotalMilliseconds * jittered);
    }

    private static TokenAcquisitionException Failure(TokenEndpointCall call, ExchangeAttempt attempt) =>
        new(
            $"{call.Vendor}'s token endpoint {call.Endpoint.GetLeftPart(UriPartial.Path)} of provider '{call.ProviderName}' {attempt.Fault}"
        )
        {
            ProviderName = call.ProviderName,
            IsTransient = !attempt.IsFinal,
            GrantType = call.GrantType,
            ErrorType = attempt.ErrorType,
        };

    private sealed class Series(int repeatsWhenUncertain, long startedAt)
    {
        private int _repeatsLeft = repeatsWhenUncertain;
        private bool _isUncertain;

        public long StartedAt { get; } = startedAt;

        /// <summary>Counts from the first uncertain attempt on, however the next ones end.</summary>
        public bool MayRepeat(bool isUncertain)
        {
            _isUncertain |= isUncertain;

            return !_isUncertain || _repeatsLeft-- > 0;
        }
    }
}
