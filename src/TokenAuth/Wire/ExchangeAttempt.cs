using System.Net;

namespace TokenAuth;

/// <summary>The result of one attempt at an exchange.</summary>
internal sealed class ExchangeAttempt
{
    private ExchangeAttempt() { }

    /// <summary>The answer; null when there is none.</summary>
    public TokenEndpointResponse? Response { get; private init; }

    /// <summary>The error as the rest of a sentence; null when there is a response.</summary>
    public Explanation? Error { get; private init; }

    /// <summary>The same in one of few words, for metrics.</summary>
    public string? ErrorType { get; private init; }

    /// <summary>True when the endpoint may have acted on the request although its response did not arrive whole.</summary>
    public bool IsUncertain { get; private init; }

    /// <summary>True when another attempt cannot help.</summary>
    public bool IsFinal { get; private init; }

    /// <summary>The status of whoever stopped the request on its way; null when nobody did.</summary>
    public HttpStatusCode? StatusCode { get; private init; }

    public bool IsWorthRepeating => !IsFinal && StatusCode is null && (Response is null || Response.IsWorthRepeating);

    public static ExchangeAttempt Answered(TokenEndpointResponse response) => new() { Response = response };

    public static ExchangeAttempt NotConnected(Explanation error) =>
        new() { Error = error, ErrorType = ErrorKind.NotConnected };

    public static ExchangeAttempt NotSurelyConnected(Explanation error) =>
        new()
        {
            Error = error,
            IsUncertain = true,
            ErrorType = ErrorKind.NotConnected,
        };

    public static ExchangeAttempt StoppedByProxy(Explanation error, HttpStatusCode statusCode) =>
        new()
        {
            Error = error,
            StatusCode = statusCode,
            ErrorType = ErrorKind.NotConnected,
        };

    public static ExchangeAttempt Broken(Explanation error) =>
        new()
        {
            Error = error,
            IsUncertain = true,
            ErrorType = ErrorKind.Broken,
        };

    public static ExchangeAttempt TimedOut(Explanation error) =>
        new()
        {
            Error = error,
            IsUncertain = true,
            ErrorType = ErrorKind.Timeout,
        };

    public static ExchangeAttempt Refused(Explanation error) =>
        new()
        {
            Error = error,
            IsFinal = true,
            ErrorType = ErrorKind.Redirected,
        };
}
