#if NET
using System.Runtime.CompilerServices;
#endif

namespace TokenAuth;

/// <summary>The parts of a multipart content. Its own enumerator would be an object more for each request that is sent.</summary>
internal static class MultipartParts
{
#if NET
    private static bool _isList = true; // benign race: each thread finds out by itself

    public static List<HttpContent> Of(MultipartContent content)
    {
        if (_isList)
        {
            try
            {
                return ListOf(content);
            }
            catch (MissingFieldException)
            {
                _isList = false; // a runtime that calls it something else
            }
        }

        return [.. content];
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nestedContent")]
    private static extern ref List<HttpContent> ListOf(MultipartContent content);
#else
    public static IEnumerable<HttpContent> Of(MultipartContent content) => content;
#endif
}
