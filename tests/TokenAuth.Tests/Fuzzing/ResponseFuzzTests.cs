using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using TokenAuth.Tests.Providers.AzureSpeech;

namespace TokenAuth.Tests.Fuzzing;

/// <summary>Whatever bytes an endpoint sends: a good grant or a fault, never a platform exception.</summary>
[Trait("Failure", "5")]
public sealed partial class ResponseFuzzTests
{
    [Fact]
    [Trait("Failure", "6")]
    [Trait("Failure", "8")]
    public void VK_Cloud_s_reply_is_a_grant_exactly_when_it_is_a_good_one()
    {
        var options = new VkCloudOptions();
        var grants = 0;
        var any = GeneratedJson.Object("access_token", "refresh_token", "expired_in", "expires_in", "scope");
        var usual = GeneratedJson
            .Object("refresh_token", "expired_in", "expires_in", "scope")
            .Select(json => json.Length == 2 ? json : "{\"access_token\":\"token\"," + json[1..]);

        Fuzz.Check(
            GeneratedJson.Encoded(Gen.OneOf(any, usual)),
            answer =>
            {
                var reply = Reply(ResponseBody.Decode(new(answer.Body), answer.Charset));

                var response = VkCloudTokenResponse.Read(reply, options, "known");
                var grant = response.Grant;

                Assert.Equal(grant is not null, response.Verdict == VkCloudVerdict.Granted);
                Assert.Matches(Credential(), response.RefreshToken ?? "none");
                Assert.Equal(GoodAccessToken(reply.Text), grant?.AccessToken.Value);
                if (grant is null)
                    return;

                grants++;
                Assert.Matches(Credential(), grant.RefreshToken);
                Assert.InRange(
                    grant.AccessToken.ExpiresAt!.Value - reply.SentAt,
                    TimeSpan.FromSeconds(1),
                    TimeSpan.FromHours(24)
                );
            }
        );

        Assert.True(grants > Fuzz.FewestToCount, $"Only {grants} good ones were generated.");
    }

    [Fact]
    public void An_error_s_code_is_a_word_or_none()
    {
        Fuzz.Check(
            GeneratedJson.Encoded(GeneratedJson.Object("error", "code", "message")),
            answer =>
            {
                var code = EndpointErrorCode.Read(ResponseBody.Decode(new(answer.Body), answer.Charset), ["eyJ.a-b_c"]);

                Assert.Matches(ErrorCode(), code ?? "none");
                Assert.NotEqual("eyJ.a-b_c", code);
            }
        );
    }

    [Fact]
    public void Azure_s_reply_is_a_token_exactly_when_it_is_a_JWT()
    {
        var tokens = 0;
        var jwts = GeneratedJson.Object("exp").Select(claims => Jwt.With(claims));

        Fuzz.Check(
            GeneratedJson.Encoded(jwts),
            answer =>
            {
                var text = ResponseBody.Decode(new(answer.Body), answer.Charset);

                var fault = AzureSpeechToken.Error(text);

                Assert.Equal(
                    text is not null && text.Length <= AccessToken.MaxLength && IsJwt().IsMatch(text),
                    fault is null
                );
                if (fault is not null)
                    return;

                tokens++;
                _ = new AccessToken(text!, AzureSpeechToken.ExpiresAt(text!));
            }
        );

        Assert.True(tokens > Fuzz.FewestToCount, $"Only {tokens} good ones were generated.");
    }

    [Fact]
    [Trait("Failure", "50")]
    public void An_expiry_is_read_as_it_was_written()
    {
        var seconds = Gen.OneOf(
            Gen.Choose(1, int.MaxValue).Select(value => (long)value),
            Gen.Elements(1L, 253_402_300_799L, 253_402_300_800L, long.MaxValue) // the last two are beyond the year 9999
        );
        var claims =
            from exp in seconds
            from isText in Gen.Elements(false, true)
            from before in GeneratedJson.Object("aud", "region")
            select (
                exp,
                json: $"{{\"before\":{before},\"exp\":{(isText ? $"\"{exp}\"" : $"{exp}")},\"after\":{before}}}"
            );

        Fuzz.Check(
            claims,
            written =>
            {
                var readable =
                    written.exp < 253_402_300_800L ? DateTimeOffset.FromUnixTimeSeconds(written.exp) : default;

                Assert.Equal(readable, AzureSpeechToken.ExpiresAt(Jwt.With(written.json)).GetValueOrDefault());
            }
        );
    }

    [Fact]
    [Trait("Failure", "7")]
    public void Any_bytes_are_text_or_none()
    {
        var answers =
            from body in Spoiling.Bytes()
            from charset in Gen.Elements(null, "", "utf-8", "utf-16", "utf-16be", "iso-8859-1", "nonsense", "\"", "\0")
            select (body, charset);

        Fuzz.Check(
            answers,
            answer =>
            {
                var reply = Reply(ResponseBody.Decode(new(answer.body), answer.charset));

                _ = VkCloudTokenResponse.Read(reply, new());
                _ = AzureSpeechToken.Error(reply.Text);
                _ = EndpointErrorCode.Read(reply.Text, []);
            }
        );
    }

    private static TokenEndpointResponse Reply(string? text) =>
        new()
        {
            StatusCode = HttpStatusCode.OK,
            SentAt = DateTimeOffset.UnixEpoch,
            Text = text,
            TextError = text is null ? ResponseBody.Undecodable : null,
            RetryAfter = null,
        };

    // The platform's parser, and the rules again in other words.
    private static string? GoodAccessToken(string? text)
    {
        try
        {
            using var json = JsonDocument.Parse(text ?? "");
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return null;

            var members = json.RootElement.EnumerateObject().ToList();
            List<JsonProperty> Named(string name) => members.FindAll(member => OrNone(() => member.Name) == name);

            string[] names = ["access_token", "refresh_token", "expired_in", "expires_in", "scope"];
            if (names.Any(name => Named(name).Count > 1) || Named("access_token") is not [var access])
                return null;

            return Credential().IsMatch(Text(access.Value)) ? Text(access.Value) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // What is no text is like an absent member.
    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? OrNone(() => value.GetString()!) : "";

    private static string OrNone(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"\A[!-~]{1,16384}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Credential();

    [GeneratedRegex(@"\A[A-Za-z_.-]*[0-9]{0,8}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ErrorCode();

    // Not \w: .NET's has a letter more than ECMAScript's, U+0130.
    [GeneratedRegex(
        @"\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\z",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex IsJwt();
}
