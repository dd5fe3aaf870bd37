using System.Net;

namespace TokenAuth;

/// <summary>
/// One exchange with a token endpoint: at most three attempts of five seconds, 15 seconds in all, bodies included. Knows HTTP, not
/// vendors.
/// </summary>
internal sealed class TokenEndpointClient
{
    public static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan SeriesLimit = TimeSpan.FromSeconds(14.95); // just within the engine's 15 s: this message says more

    private readonly Func<HttpClient> _client;
    private readonly TimeProvider _time;
    private readonly Lazy<RepeatedExchange> _repeated;

    public TokenEndpointClient(Func<HttpClient> client, TimeProvider time)
    {
        _client = client;
        _time = time;
        _repeated = new(() => new(AttemptAsync, _time));
    }

    /// <exception cref="TokenAcquisitionException">No answer could be had; an answer of any status is returned.</exception>
    public async Task<TokenEndpointResponse> SendAsync(TokenEndpointCall call, CancellationToken cancellationToken)
    {
        var startedAt = _time.GetTimestamp();

        var attempt = await FirstAttemptAsync(call, cancellationToken).ConfigureAwait(false);
        if (call.MayRepeat && (attempt.IsUncertain || attempt.IsWorthRepeating))
            attempt = await _repeated.Value.RunAsync(call, attempt, startedAt, cancellationToken).ConfigureAwait(false);

        return attempt.Response ?? throw ExchangeError.Of(call, attempt);
    }

    private async Task<ExchangeAttempt> FirstAttemptAsync(TokenEndpointCall call, CancellationToken cancellationToken)
    {
        using var expiry = _time.CreateCancellationTokenSource(AttemptLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);

        try
        {
            return await AttemptAsync(call, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ExchangeError.TimedOut(AttemptLimit, SeriesLimit);
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
            return ExchangeError.Of(exception);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException) // the latter: not the compression it says
        {
            return ExchangeError.BrokenOff();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ExchangeError.TimedOutByClient();
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
            return ExchangeError.AnsweredElsewhere(answeredFrom);

        if (response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired)
            return ExchangeError.NotSignedInAtProxy();

        var body = await ResponseBody.ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        var (text, error) = ResponseBody.Text(body, response.Content);

        return ExchangeAttempt.Answered(
            new TokenEndpointResponse
            {
                StatusCode = response.StatusCode,
                SentAt = sentAt,
                Text = text,
                TextError = error,
                IsApiResponse = ApiResponse.Is(text, response.Content?.Headers.ContentType?.MediaType),
                ErrorCode = response.IsSuccessStatusCode ? null : EndpointErrorCode.Read(text, call.Secrets),
                RetryAfter = RetryAfterValue.Read(response, _time.GetUtcNow()),
                ClockDifference = ClockDifference.Of(response.Headers.Date, sentAt, _time.GetUtcNow()),
                GrantType = call.GrantType,
            }
        );
    }
}
