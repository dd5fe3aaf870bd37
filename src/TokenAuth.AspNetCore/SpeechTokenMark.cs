namespace TokenAuth;

/// <summary>Identifies the endpoint of one <c>MapSpeechToken</c> call.</summary>
internal sealed class SpeechTokenMark
#if NET10_0_OR_GREATER
    : Microsoft.AspNetCore.Http.Metadata.IDisableCookieRedirectMetadata // a script wants 401, not the sign-in page
#endif
{ }
