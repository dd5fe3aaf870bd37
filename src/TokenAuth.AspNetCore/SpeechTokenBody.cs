using System.Text;
using System.Text.Json;

namespace TokenAuth;

/// <summary>A token as it is written to callers; the same bytes serve all of them for a second.</summary>
internal sealed class SpeechTokenBody
{
    // A token of `issueToken` lives ten minutes. The cap keeps `expiresIn` right after the wall clock was set back.
    private static readonly TimeSpan _longestLife = TimeSpan.FromMinutes(10);

    private readonly AccessToken _token;
    private readonly int? _expiresIn;

    private SpeechTokenBody(AccessToken token, int? expiresIn, string? region, Uri? endpoint, SpeechTokenShape shape)
    {
        _token = token;
        _expiresIn = expiresIn;
        Region = region;
        Endpoint = endpoint;
        Bytes = shape switch
        {
            SpeechTokenShape.Text => Encoding.ASCII.GetBytes(token.Value),
            SpeechTokenShape.WebChat => JsonSerializer.SerializeToUtf8Bytes(
                new WebChatSpeechToken(token.Value, region),
                SpeechTokenJsonContext.Default.WebChatSpeechToken
            ),
            _ => JsonSerializer.SerializeToUtf8Bytes(
                new SpeechToken(token.Value, region, expiresIn, WholeSecond(token.ExpiresAt), endpoint),
                SpeechTokenJsonContext.Default.SpeechToken
            ),
        };
    }

    public byte[] Bytes { get; }

    public string? Region { get; }

    public Uri? Endpoint { get; }

    /// <summary>The last body if token and seconds are unchanged; a new one otherwise.</summary>
    public static SpeechTokenBody Of(
        AccessToken token,
        DateTimeOffset now,
        IAzureSpeechResource resource,
        SpeechTokenShape shape,
        SpeechTokenBody? last
    )
    {
        var expiresIn = token.ExpiresAt is { } expiresAt ? Left(expiresAt - now) : (int?)null;
        if (last is not null && ReferenceEquals(last._token, token) && last._expiresIn == expiresIn)
            return last;

        return new(token, expiresIn, resource.Region ?? JwtRegion.Of(token.Value), resource.Endpoint, shape);
    }

    private static int Left(TimeSpan life) =>
        (int)
            (
                life > _longestLife ? _longestLife
                : life < TimeSpan.Zero ? TimeSpan.Zero
                : life
            ).TotalSeconds;

    private static DateTime? WholeSecond(DateTimeOffset? moment) =>
        moment is { } exact ? DateTimeOffset.FromUnixTimeSeconds(exact.ToUnixTimeSeconds()).UtcDateTime : null;
}
