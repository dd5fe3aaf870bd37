using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Why there is no token, as the log may say it: TokenAuth's own words, and of anybody else's exception the type's name.</summary>
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
