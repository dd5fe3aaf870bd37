using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace TokenAuth;

/// <summary>Says in words why an exchange with a token endpoint brought no response.</summary>
internal static class ExchangeError
{
    private const string Settings = "{settings}"; // the call says which, as it says the client
    private const string Client = "{client}";
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
        "Write them into the proxy's address (HTTPS_PROXY), or set Proxy.Credentials or DefaultProxyCredentials of the primary handler ("
            + Client
            + ")."
    );

#if NET
    private static readonly Explanation _notResolved = new(
        EndpointHelp.NameNotResolved,
        "has no address: its name cannot be resolved.",
        "Check " + Settings + ", and DNS."
    );

    private static readonly Explanation _notTunnelled = new(
        EndpointHelp.ProxyRefused,
        "cannot be reached through the proxy.",
        "Check the proxy's settings and rules, and whether it asks for credentials."
    );
#endif

    public static ExchangeAttempt BrokenOff() => ExchangeAttempt.Broken(_brokenOff);

    public static ExchangeAttempt NotSignedInAtProxy() =>
        ExchangeAttempt.StoppedByProxy(_notSignedInAtProxy, HttpStatusCode.ProxyAuthenticationRequired);

    public static ExchangeAttempt TimedOutByClient() =>
        ExchangeAttempt.TimedOut(
            new Explanation(EndpointHelp.TimedOut, "did not answer within the HttpClient's own Timeout.", Remedy)
        );

    /// <param name="attempt">The limit of one attempt.</param>
    /// <param name="series">The limit of all of them.</param>
    public static ExchangeAttempt TimedOut(TimeSpan attempt, TimeSpan series) =>
        ExchangeAttempt.TimedOut(
            new Explanation(
                EndpointHelp.TimedOut,
                $"did not answer in time: {attempt.TotalSeconds:0} seconds an attempt, {series.TotalSeconds:0} in all.",
                Remedy
            )
        );

    public static ExchangeAttempt AnsweredElsewhere(Uri answeredFrom) =>
        ExchangeAttempt.Refused(
            new Explanation(
                EndpointHelp.Redirected,
                $"was answered by another address, {answeredFrom.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}: the HttpClient "
                    + "follows redirects, which carries the secret away.",
                "Give it a handler with AllowAutoRedirect = false."
            )
        );

    /// <summary>The failure of the call whose last attempt this is.</summary>
    public static TokenAcquisitionException Of(TokenEndpointCall call, ExchangeAttempt attempt)
    {
        var error = attempt.Error!;
        var explanation = error with
        {
            Seen =
                $"{call.Vendor}'s {call.Subject} {call.Endpoint.GetLeftPart(UriPartial.Path)} of provider '{call.ProviderName}' {error.Seen}",
            Remedy = With(With(error.Remedy, Settings, call.Settings), Client, call.Client),
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

    private static string With(string text, string placeholder, string value) =>
        string.Join(value, text.Split(new[] { placeholder }, StringSplitOptions.None));

    /// <summary>The attempt that ended with this exception.</summary>
    public static ExchangeAttempt Of(HttpRequestException exception)
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
            _ => ExchangeAttempt.NotSurelyConnected(_notReached),
        };

#if NET
    // The platform has the status of a refused tunnel in its message alone.
    private static bool AsksForCredentials(HttpRequestException exception) =>
        exception.StatusCode == HttpStatusCode.ProxyAuthenticationRequired
        || exception.Message.Contains("'407'", StringComparison.Ordinal);
#endif
}
