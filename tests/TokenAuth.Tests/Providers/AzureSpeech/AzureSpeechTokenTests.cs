namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechTokenTests
{
    [Theory]
    [Trait("Failure", "5")]
    [InlineData(null, "answered with nothing that could be a token")]
    [InlineData("", "answered with nothing that could be a token")]
    [InlineData("<html></html>", "answered with something that is not a JWT")]
    [InlineData("{\"error\":{\"code\":\"401\"}}", "answered with something that is not a JWT")]
    [InlineData("null", "answered with something that is not a JWT")]
    [InlineData("\"a.b.c\"", "answered with something that is not a JWT")]
    [InlineData("a.b", "answered with something that is not a JWT")]
    [InlineData("a.b.c.d", "answered with something that is not a JWT")]
    [InlineData("a..c", "answered with something that is not a JWT")]
    [InlineData(".b.", "answered with something that is not a JWT")]
    [InlineData("a.b.c=", "answered with something that is not a JWT")]
    [InlineData("a.b+.c", "answered with something that is not a JWT")]
    [InlineData("aad#resource#a.b.c", "answered with something that is not a JWT")]
    [InlineData(
        "a.b.c\n",
        "answered with a token that has white space around it (a line break from a file or a copy?); remove it"
    )]
    [InlineData(
        "Access denied",
        "answered with a token that has the character U+0020 at position 6; only U+0021 to U+007E are allowed"
    )]
    public void What_is_not_three_base64url_parts_is_no_token(string? text, string fault) =>
        Assert.Equal(fault, AzureSpeechToken.Error(text));

    [Fact]
    [Trait("Failure", "9")]
    public void A_token_that_is_too_long_is_none() =>
        Assert.Equal(
            "answered with a token that has 16386 characters; at most 16384 are allowed",
            AzureSpeechToken.Error("a.b." + new string('c', 16_382))
        );

    [Theory]
    [InlineData("{\"exp\":1767225600}")]
    [InlineData("{\"exp\":\"1767225600\"}")]
    [InlineData("{\"exp\":1767225600.0}")]
    [InlineData("{\"exp\":1.7672256e9}")]
    [InlineData("{\"aud\":[\"a\",\"b\"],\"scope\":\"x\",\"exp\":1767225600,\"iat\":1}")]
    [InlineData("{\"\\ud800\":1,\"exp\":1767225600}")]
    public void An_expiry_is_a_number_or_a_string(string claims) =>
        Assert.Equal(
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            AzureSpeechToken.ExpiresAt(Jwt.With(claims))
        );

    [Theory]
    [Trait("Bug", "11")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("{\"exp\":null}")]
    [InlineData("{\"exp\":\"soon\"}")]
    [InlineData("{\"exp\":\"\"}")]
    [InlineData("{\"exp\":\"\\ud800\"}")]
    [InlineData("{\"exp\":0}")]
    [InlineData("{\"exp\":-1}")]
    [InlineData("{\"exp\":{}}")]
    [InlineData("{\"exp\":\"NaN\"}")]
    [InlineData("{\"exp\":\"Infinity\"}")]
    [InlineData("{\"exp\":1e308}")]
    [InlineData("{\"exp\":1e309}")]
    [InlineData("{\"exp\":253402300800}")] // one second past the year 9999
    [InlineData("{\"EXP\":1767225600}")]
    public void A_token_that_does_not_say_has_none(string claims) =>
        Assert.Null(AzureSpeechToken.ExpiresAt(Jwt.With(claims)));

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("a.bb.c")]
    [InlineData("a._-_-.c")]
    public void A_token_whose_claims_cannot_be_read_has_none(string jwt) =>
        Assert.Null(AzureSpeechToken.ExpiresAt(jwt));

    [Fact]
    [Trait("Failure", "5")]
    public void Depth_is_no_stack_overflow() =>
        Assert.Null(AzureSpeechToken.ExpiresAt(Jwt.With("{\"exp\":" + new string('[', 10_000))));
}
