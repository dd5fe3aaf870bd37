using System.Net;

namespace TokenAuth;

/// <summary>Why a renewal failed. Many callers may wait for one renewal, and each gets an exception of its own.</summary>
internal sealed class RenewalFailure
{
    private readonly string _message;
    private readonly string _providerName;
    private readonly Exception? _cause;

    private RenewalFailure(string message, string providerName, Exception? cause)
    {
        _message = message;
        _providerName = providerName;
        _cause = cause;
    }

    public bool IsTransient { get; private init; }

    public HttpStatusCode? StatusCode { get; private init; }

    public string? ErrorCode { get; private init; }

    public TimeSpan? RetryAfter { get; private init; }

    public string Message => _message;

    /// <summary>The failure in OpenTelemetry's terms.</summary>
    public string ErrorType { get; private init; } = ErrorKind.Invalid;

    public string? GrantType { get; private init; }

    public static RenewalFailure From(Exception exception, string providerName) =>
        exception switch
        {
            TokenAcquisitionException known => new RenewalFailure(
                known.Message,
                known.ProviderName.Length > 0 ? known.ProviderName : providerName,
                known.GetType() == typeof(TokenAcquisitionException) ? known.InnerException : known
            )
            {
                IsTransient = known.IsTransient,
                StatusCode = known.StatusCode,
                ErrorCode = known.ErrorCode,
                RetryAfter = RetryAfterValue.Clamp(known.RetryAfter),
                ErrorType = ErrorKind.Of(known),
                GrantType = known.GrantType,
            },
            TimeLimitException late => new RenewalFailure(
                $"Provider '{providerName}' obtained no token: {late.Message}",
                providerName,
                cause: null
            )
            {
                IsTransient = true,
                ErrorType = ErrorKind.Of(late),
            },
            _ => new RenewalFailure(
                $"Provider '{providerName}' obtained no token: its source threw {exception.GetType().Name}, which is the inner exception.",
                providerName,
                exception
            )
            {
                IsTransient =
                    exception is HttpRequestException or IOException or TimeoutException or OperationCanceledException,
                ErrorType = ErrorKind.Of(exception),
            },
        };

    public static RenewalFailure Transient(string message, string providerName, TimeSpan? retryAfter = null) =>
        new(message, providerName, cause: null) { IsTransient = true, RetryAfter = retryAfter };

    public TokenAcquisitionException ToException() => ToException(RetryAfter);

    /// <summary>The same while renewals are held back: what was to be waited for is partly over.</summary>
    public TokenAcquisitionException ToException(TimeSpan? retryAfter) =>
        new(_message, _cause)
        {
            ProviderName = _providerName,
            IsTransient = IsTransient,
            StatusCode = StatusCode,
            ErrorCode = ErrorCode,
            RetryAfter = RetryAfterValue.Clamp(retryAfter),
        };
}
