using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>The text that the log may show when there is no token: TokenAuth's own words, and only the type's name of anybody else's exception.</summary>
internal static class SpeechTokenCause
{
    public static string Of(Exception exception) =>
        exception switch
        {
            TokenAcquisitionException => exception.Message,
            // Failures name settings and show no secret.
            OptionsValidationException invalid when invalid.OptionsType.Assembly == typeof(ITokenProvider).Assembly =>
                string.Join(" ", invalid.Failures),
            _ => exception.GetType().Name,
        };
}
