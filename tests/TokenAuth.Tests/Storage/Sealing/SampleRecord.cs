#if !NETSTANDARD_ASSEMBLY
namespace TokenAuth.Tests.Storage;

internal static class SampleRecord
{
    public const string Key = "0123456789abcdef";
    public static readonly DateTimeOffset RequestedAt = new(2026, 3, 1, 12, 0, 0, 7, TimeSpan.Zero);

    public static TokenRecord Create(string accessToken = "access-1", string? refreshToken = "refresh-1") =>
        new(
            new TokenGrant(new AccessToken(accessToken, RequestedAt.AddHours(1)))
            {
                RefreshToken = refreshToken,
                ReuseFor = TimeSpan.FromMinutes(50),
                Scopes = ["tts", "asr_short"],
            },
            RequestedAt
        )
        {
            SecretDigest = "digest-1",
        };
}
#endif
