using System.Text;

namespace TokenAuth.Tests.Providers.AzureSpeech;

/// <summary>Tokens of Azure's shape; their signatures are noise.</summary>
internal static class Jwt
{
    public static string ThatExpires(DateTimeOffset at, int number = 1) =>
        With(
            FormattableString.Invariant(
                $$"""{"aud":"urn:ms.speech","exp":{{at.ToUnixTimeSeconds()}},"region":"westeurope","n":{{number}}}"""
            )
        );

    public static string With(string claims) => $"{Part("{\"alg\":\"HS256\"}")}.{Part(claims)}.c2lnbmF0dXJl";

    private static string Part(string json) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
