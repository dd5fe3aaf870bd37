using System.Net;

namespace TokenAuth;

/// <summary>The failure of a renewal. Many callers may wait for one renewal, and each gets an exception of its own.</summary>
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

    /// <summary>The cause, where it is known.</summary>
    public Explanation? Explanation { get; private init; }

    /// <summary>The link that the source's own exception has; null when it has none.</summary>
    public string? HelpLink { get; private init; }

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
                Explanation = known.Explanation,
                HelpLink = known.HelpLink,
            },
            TimeLimitException late => Explained(
                new Explanation(
                    EndpointHelp.TimedOut,
                    $"Provider '{providerName}' obtained no token: {late.Message}",
                    "Check the network and the state of the service."
                ),
                providerName,
                late,
                isTransient: true
            ),
            _ => Explained(
                new Explanation(
                    EngineHelp.SourceFailed,
                    $"Provider '{providerName}' obtained no token: its source threw {exception.GetType().Name}, which is the inner exception.",
                    "Read the inner exception of the failure that a caller of the provider gets."
                ),
                providerName,
                exception,
                exception is HttpRequestException or IOException or TimeoutException or OperationCanceledException
            ),
        };

    /// <param name="explanation">It becomes the message.</param>
    public static RenewalFailure Transient(Explanation explanation, string providerName, TimeSpan? retryAfter = null) =>
        new(explanation.ToString(), providerName, cause: null)
        {
            IsTransient = true,
            RetryAfter = retryAfter,
            Explanation = explanation,
            HelpLink = explanation.Code.Link.OriginalString,
        };

    private static RenewalFailure Explained(
        Explanation explanation,
        string providerName,
        Exception exception,
        bool isTransient
    ) =>
        new(explanation.Seen, providerName, exception is TimeLimitException ? null : exception)
        {
            IsTransient = isTransient,
            ErrorType = ErrorKind.Of(exception),
            Explanation = explanation,
            HelpLink = explanation.Code.Link.OriginalString,
        };

    public TokenAcquisitionException ToException() => ToException(RetryAfter);

    /// <summary>The explanation; without a known cause, the source's own message.</summary>
    public Explanation ToExplanation() =>
        Explanation
        ?? new Explanation(
            EngineHelp.SourceFailed,
            _message,
            "The message is that of the provider's source, which knows more."
        );

    /// <summary>The same while renewals are held back: what was to be waited for is partly over.</summary>
    public TokenAcquisitionException ToException(TimeSpan? retryAfter) =>
        new(_message, _cause)
        {
            ProviderName = _providerName,
            IsTransient = IsTransient,
            StatusCode = StatusCode,
            ErrorCode = ErrorCode,
            RetryAfter = RetryAfterValue.Clamp(retryAfter),
            Explanation = Explanation,
            HelpLink = HelpLink,
        };
}
