using System.Net;
using System.Text;
using TokenAuth.Tests.Providers.AzureSpeech;

namespace TokenAuth.Tests.Wire;

/// <summary>Whatever an endpoint says: a good grant or a fault, never a platform exception.</summary>
[Trait("Failure", "5")]
public sealed class GeneratedReplyTests
{
    private const int Replies = 20_000;

    private static readonly string[] _names =
    [
        "access_token",
        "refresh_token",
        "expired_in",
        "expires_in",
        "scope",
        "error",
        "code",
        "\\ud800",
        "",
        "a",
    ];

    private static readonly string[] _leaves =
    [
        "null",
        "true",
        "0",
        "-1",
        "3600",
        "1e400",
        "-1e400",
        "0.0000001",
        "9223372036854775808",
        "\"\"",
        "\"3600\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"token\"",
        "\"to ken\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "{}",
        "[]",
    ];

    private readonly Random _random = new(20_260_101);

    [Fact]
    public void A_generated_reply_of_VK_Cloud_is_a_good_grant_or_a_fault()
    {
        var options = new VkCloudOptions();
        var grants = 0;

        for (var i = 0; i < Replies; i++)
        {
            var text = Spoilt(Object(depth: 3));
            var reply = new TokenEndpointReply
            {
                StatusCode = HttpStatusCode.OK,
                SentAt = DateTimeOffset.UnixEpoch,
                Text = text,
                RetryAfter = null,
            };

            var grant = VkCloudTokenResponse.Read(reply, options, "known", out var fault);
            _ = EndpointErrorCode.Read(text, ["known"]);

            Assert.True(grant is null != fault is null, text);
            if (grant is not null)
            {
                grants++;
                Assert.InRange(
                    grant.AccessToken.ExpiresAt!.Value - reply.SentAt,
                    TimeSpan.FromSeconds(1),
                    TimeSpan.FromHours(24)
                );
                Assert.NotEqual("", grant.RefreshToken);
            }
        }

        Assert.InRange(grants, Replies / 100, Replies); // the generator reaches the good ones
    }

    [Fact]
    public void Generated_claims_of_Azure_Speech_have_an_expiry_or_none()
    {
        for (var i = 0; i < Replies; i++)
        {
            var jwt = Jwt.With(Spoilt(Object(depth: 2).Replace("expired_in", "exp")));

            _ = AzureSpeechToken.Fault(jwt);
            _ = AzureSpeechToken.ExpiresAt(jwt);
        }
    }

    [Fact]
    [Trait("Failure", "7")]
    public void Generated_bytes_are_text_or_none()
    {
        string?[] charsets = [null, "", "utf-8", "utf-16", "utf-16be", "iso-8859-1", "nonsense", "\"", "\0"];

        for (var i = 0; i < Replies; i++)
        {
            var bytes = new byte[_random.Next(20)];
            _random.NextBytes(bytes);

            _ = ReplyBody.Decode(new ArraySegment<byte>(bytes), charsets[_random.Next(charsets.Length)]);
        }
    }

    private string Object(int depth)
    {
        var members = Enumerable
            .Range(0, _random.Next(5))
            .Select(_ => $"\"{_names[_random.Next(_names.Length)]}\":{Value(depth)}");

        return $"{{{string.Join(",", members)}}}";
    }

    private string Value(int depth) =>
        depth > 0 && _random.Next(5) == 0 ? Object(depth - 1)
        : depth > 0 && _random.Next(8) == 0 ? $"[{Value(depth - 1)},{Value(depth - 1)}]"
        : _leaves[_random.Next(_leaves.Length)];

    // One in four has a character too many, too few, or another one.
    private string Spoilt(string text)
    {
        var spoilt = new StringBuilder(text);
        if (_random.Next(4) == 0)
            spoilt.Insert(_random.Next(spoilt.Length + 1), (char)_random.Next(1, 0x300));
        if (_random.Next(8) == 0)
            spoilt.Remove(_random.Next(spoilt.Length), 1);

        return spoilt.ToString();
    }
}
