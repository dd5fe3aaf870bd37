namespace TokenAuth;

/// <summary>Tells the endpoint of one <c>MapSpeechToken</c> from all others, whatever its conventions make of it.</summary>
internal sealed class SpeechTokenMark
#if NET10_0_OR_GREATER
    : Microsoft.AspNetCore.Http.Metadata.IDisableCookieRedirectMetadata // a script wants 401, not the sign-in page
#endif
{ }
