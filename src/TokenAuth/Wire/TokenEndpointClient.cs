using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace TokenAuth;

/// <summary>
/// One exchange with a token endpoint: at most three attempts of five seconds, 15 seconds in all, bodies included. Knows HTTP, not
/// vendors.
/// </summary>
internal sealed partial class TokenEndpointClient
{
    private const string Remedy = "Check the network and the state of the service.";

    private static readonly Explanation _brokenOff = new(EndpointHelp.BrokenOff, "broke off its answer.", Remedy);

    private static readonly Explanation _notReached = new(
        EndpointHelp.NotReached,
        "cannot be reached.",
        "Check the network, the proxy and the firewall."
    );

    private static readonly Explanation _notTrusted = new(
        EndpointHelp.TlsFailed,
        "cannot be trusted: the TLS handshake failed.",
        "Check the clock, the proxy and the certificate authorities."
    );

    private static readonly Explanation _notSignedInAtProxy = new(
        EndpointHelp.ProxyRefused,
        "cannot be reached: the proxy asks for credentials (407).",
        "Write them into the proxy's address (HTTPS_PROXY), or set Proxy.Credentials or DefaultProxyCredentials of the primary handler (ConfigureTokenClient)."
    );

#if NET
    private static readonly Explanation _notResolved = new(
        EndpointHelp.NameNotResolved,
        "has no address: its name cannot be resolved.",
        "Check the settings Region, Endpoint and TokenEndpoint, and DNS."
    );

    private static readonly Explanation _notTunnelled = new(
        EndpointHelp.ProxyRefused,
        "cannot be reached through the proxy.",
        "Check the proxy's settings and rules, and whether it asks for credentials."
    );
#endif

    private static readonly TimeSpan _attemptLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _seriesLimit = TimeSpan.FromSeconds(14.95); // just within the engine's 15 s: this message says more

    private readonly Func<HttpClient> _client;
    private readonly TimeProvider _time;

    public TokenEndpointClient(Func<HttpClient> client, TimeProvider time)
    {
        _client = client;
        _time = time;
        _pipeline = new(CreatePipeline);
    }

    /// <exception cref="TokenAcquisitionException">No answer could be had; an answer of any status is returned.</exception>
    public async Task<TokenEndpointResponse> SendAsync(TokenEndpointCall call, CancellationToken cancellationToken)
    {
        var startedAt = _time.GetTimestamp();

        // Not through Polly: most exchanges need one attempt, and a process that starts would take longer to compile the pipeline than
        // to obtain its token.
        var attempt = await FirstAttemptAsync(call, cancellationToken).ConfigureAwait(false);
        if (call.MayRepeat && (attempt.IsUncertain || attempt.IsWorthRepeating))
            attempt = await RepeatAsync(call, attempt, startedAt, cancellationToken).ConfigureAwait(false);

        return attempt.Response ?? throw Failure(call, attempt);
    }

    private async Task<ExchangeAttempt> FirstAttemptAsync(TokenEndpointCall call, CancellationToken cancellationToken)
    {
        using var expiry = _time.CreateCancellationTokenSource(_attemptLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);

        try
        {
            return await AttemptAsync(call, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TimedOut();
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
            return ExchangeAttempt.Broken(_brokenOff);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ExchangeAttempt.TimedOut(
                new Explanation(EndpointHelp.TimedOut, "did not answer within the HttpClient's own Timeout.", Remedy)
            );
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
                new Explanation(
                    EndpointHelp.Redirected,
                    $"was answered by another address, {answeredFrom.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}: the HttpClient "
                        + "follows redirects, which carries the secret away.",
                    "Give it a handler with AllowAutoRedirect = false."
                )
            );

        if (response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired)
            return ExchangeAttempt.StoppedByProxy(_notSignedInAtProxy, response.StatusCode);

        var (text, error) = await ResponseBody.ReadTextAsync(response.Content, cancellationToken).ConfigureAwait(false);

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

    private static ExchangeAttempt Failed(HttpRequestException exception)
    {
#if NET
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => ExchangeAttempt.NotConnected(_notResolved),
            HttpRequestError.ConnectionError => ExchangeAttempt.NotConnected(_notReached),
            HttpRequestError.ProxyTunnelError when AsksForCredentials(exception) => ExchangeAttempt.StoppedByProxy(
                _notSignedInAtProxy,
                HttpStatusCode.ProxyAuthenticationRequired
            ),
            HttpRequestError.ProxyTunnelError => ExchangeAttempt.NotConnected(_notTunnelled),
            HttpRequestError.SecureConnectionError => ExchangeAttempt.NotConnected(_notTrusted),
            HttpRequestError.Unknown => FailedUnknown(exception.InnerException),
            _ => ExchangeAttempt.Broken(_brokenOff),
        };
#else
        return FailedUnknown(exception.InnerException);
#endif
    }

    // Whatever does not say that no connection was made may have happened after the endpoint had acted.
    private static ExchangeAttempt FailedUnknown(Exception? cause) =>
        cause switch
        {
            IOException => ExchangeAttempt.Broken(_brokenOff),
            AuthenticationException => ExchangeAttempt.NotConnected(_notTrusted),
            WebException { Status: WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure } =>
                ExchangeAttempt.NotConnected(_notTrusted),
            WebException
            {
                Status: WebExceptionStatus.ConnectFailure
                    or WebExceptionStatus.NameResolutionFailure
                    or WebExceptionStatus.ProxyNameResolutionFailure
            } => ExchangeAttempt.NotConnected(_notReached), // .NET Framework
            WebException => ExchangeAttempt.Broken(_brokenOff),
            SocketException
            {
                SocketErrorCode: not (
                    SocketError.ConnectionReset
                    or SocketError.ConnectionAborted
                    or SocketError.Shutdown
                    or SocketError.OperationAborted
                )
            } => ExchangeAttempt.NotConnected(_notReached), // a connection that was made wraps it into an IOException
            _ => ExchangeAttempt.Broken(_notReached),
        };

#if NET
    // The platform has the status of a refused tunnel in its message alone.
    private static bool AsksForCredentials(HttpRequestException exception) =>
        exception.StatusCode == HttpStatusCode.ProxyAuthenticationRequired
        || exception.Message.Contains("'407'", StringComparison.Ordinal);
#endif

    private static ExchangeAttempt TimedOut() =>
        ExchangeAttempt.TimedOut(
            new Explanation(
                EndpointHelp.TimedOut,
                $"did not answer in time: {_attemptLimit.TotalSeconds:0} seconds an attempt, {_seriesLimit.TotalSeconds:0} in all.",
                Remedy
            )
        );

    private static TokenAcquisitionException Failure(TokenEndpointCall call, ExchangeAttempt attempt)
    {
        var error = attempt.Error!;
        var explanation = error with
        {
            Seen =
                $"{call.Vendor}'s {call.Subject} {call.Endpoint.GetLeftPart(UriPartial.Path)} of provider '{call.ProviderName}' {error.Seen}",
        };

        return new TokenAcquisitionException(explanation.ToString())
        {
            Explanation = explanation,
            ProviderName = call.ProviderName,
            IsTransient = !attempt.IsFinal,
            StatusCode = attempt.StatusCode,
            GrantType = call.GrantType,
            ErrorType = attempt.ErrorType,
            MayHaveBeenGranted = attempt.IsUncertain,
        };
    }
}
