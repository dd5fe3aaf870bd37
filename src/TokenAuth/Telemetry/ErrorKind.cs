using System.Globalization;

namespace TokenAuth;

/// <summary>OpenTelemetry's <c>error.type</c> of a failure: one of few values, never a message.</summary>
internal static class ErrorKind
{
    public const string Timeout = "timeout";
    public const string NotConnected = "connection_error";
    public const string Broken = "response_ended";
    public const string Redirected = "redirected";
    public const string Invalid = "invalid_response";
    public const string Paced = "paced";

    public static string Of(Exception exception) =>
        exception switch
        {
            TokenAcquisitionException { ErrorType: { } known } => known,
            TokenAcquisitionException { StatusCode: { } status } => (int)status is >= 200 and <= 299
                ? Invalid
                : ((int)status).ToString(CultureInfo.InvariantCulture),
            TimeoutException => Timeout,
            _ => exception.GetType().FullName!,
        };
}
